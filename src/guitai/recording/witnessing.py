"""From the queue into the evidence log: what a transaction committed is appended, once, and then acknowledged."""

from guitai.evidence.entries import AuditEntry, encode_entry
from guitai.evidence.log import EvidenceLog
from guitai.recording.ports import Transactions


def witness(log: EvidenceLog, transactions: Transactions) -> int:
    """Append what waits in the queue and note each entry's place; return how many were appended.

    A crash between the append and the note leaves the entry in the log: it is found there again and not repeated.
    """
    with transactions.begin() as work:
        waiting = work.evidence.waiting()
        fresh = [entry for entry in waiting if log.find(entry.body) is None]
        appended = log.append([entry.body for entry in fresh]) if fresh else []
        places = {entry.id: index for entry, index in zip(fresh, appended, strict=True)}
        for entry in waiting:
            place = places.get(entry.id)
            if place is None:
                place = log.find(entry.body)
            if place is not None:
                work.evidence.logged(entry.id, place)
        if waiting:
            checkpoint = log.checkpoint()
            work.evidence.remember(checkpoint.size, checkpoint.root)
    return len(fresh)


def anchor_audit(transactions: Transactions) -> None:
    """Queue an entry that fixes the audit trail from the last fixed event to the newest; nothing new, no entry."""
    with transactions.begin() as work:
        head = work.audit.head()
        anchored = work.evidence.anchored_until()
        if head is not None and head.seq > anchored:
            entry = AuditEntry(first=anchored + 1, last=head.seq, head=f"sha256:{head.digest}")
            work.evidence.add("audit", str(head.seq), encode_entry(entry))
