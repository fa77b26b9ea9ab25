"""What a seal is: the digest of a text, and the chain that binds it to all texts sealed before it."""

import hashlib
from typing import Any

import rfc8785


def seal_of(text: dict[str, Any]) -> str:
    """The SHA-256, in hex, of the canonical bytes (RFC 8785) of a snapshot's text."""
    return hashlib.sha256(rfc8785.dumps(text)).hexdigest()


def chain_of(previous: str, sha256: str) -> str:
    """What binds a seal to all before it: the SHA-256 of the chain of the previous edition and the seal, as digits."""
    return hashlib.sha256((previous + sha256).encode()).hexdigest()
