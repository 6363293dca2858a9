"""Merkle log, signed checkpoints, proofs, evidence packs and the offline verifier."""
