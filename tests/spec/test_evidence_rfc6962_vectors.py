"""The published test vectors: the tree of RFC 6962 (Certificate Transparency's), SM3, SM2 and signed notes."""

import pytest

from guitai.evidence import merkle, notes, sm2
from guitai.evidence.digests import sm3

LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
A = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
B = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
CD = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
E_ = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
GH = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
EF = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
EFGH = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
INCLUSION = [
    # index, size, path
    (0, 1, []),
    (0, 8, [B, CD, EFGH]),
    (5, 8, [E_, GH, ROOTS[4]]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [A, CD, E_]),
]
CONSISTENCY = [
    # old, new, path
    (1, 1, []),
    (1, 8, [B, CD, EFGH]),
    (6, 8, [EF, GH, ROOTS[4]]),
    (2, 5, [CD, E_]),
]


def node(level: int, index: int) -> bytes:
    """The hash of a complete subtree, straight from the definition."""
    return merkle.root_of(map(merkle.leaf_hash, LEAVES[index << level : (index + 1) << level]))


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_root(size: int, root: str) -> None:
    assert merkle.root_of(map(merkle.leaf_hash, LEAVES[:size])).hex() == root


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_inclusion(index: int, size: int, path: list[str]) -> None:
    proof = merkle.prove_inclusion(index, size, node)
    assert [hash_.hex() for hash_ in proof.path] == path
    assert merkle.verify_inclusion(merkle.leaf_hash(LEAVES[index]), proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_consistency(old: int, new: int, path: list[str]) -> None:
    proof = merkle.prove_consistency(old, new, node)
    assert [hash_.hex() for hash_ in proof.path] == path
    assert merkle.verify_consistency(proof, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]))


def test_sm3_of_gb_t_32905() -> None:
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_sm2_of_gb_t_32918_5() -> None:
    public = bytes.fromhex(
        "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
        "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
    )
    signature = bytes.fromhex(
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
        "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
    )
    digest = sm2.message_digest(public, b"message digest")
    assert digest.hex().upper() == "F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640"
    assert sm2.verify(public, b"message digest", signature)
    assert not sm2.verify(public, b"Message digest", signature)


def test_signed_note_of_the_go_checksum_database() -> None:
    key = notes.parse_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = (
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert notes.open_note(f"{text}\n{line}".encode(), key) == text
