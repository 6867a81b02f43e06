"""Values of the rooms below that the workflows hand to a front end, so that a front end needs to know one room only."""

from unitclient.seal.signer import Signer
from unitclient.store.check import CheckReport
from unitclient.store.declarations import Declaration, Event
from unitclient.store.operators import Operator
from unitclient.store.outbox import Submission
from unitclient.store.units import Unit
from unitclient.tokens.keyref import KeyInfo, PinAsk, PinPrompt, PinState

__all__ = [
    "CheckReport",
    "Declaration",
    "Event",
    "KeyInfo",
    "Operator",
    "PinAsk",
    "PinPrompt",
    "PinState",
    "Signer",
    "Submission",
    "Unit",
]
