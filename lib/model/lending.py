"""A model is lent to one thread at a time, together with all that listens to it, and comes back as it was.

Thirty visitors read with one model. What listens to its modules hears every pass that is made meanwhile, and a
tokenizer remembers how it was asked to cut: so there is no way to the model but a loan, and none to a hook but through
the model that was lent.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from lib.checkpoints import Checkpoint

SOFTMAX = (nn.functional.softmax, torch.softmax, torch.Tensor.softmax)  # by whichever name a family calls it
_mine = threading.local()  # the lock of the model that this thread has borrowed


class Hooks:
    """What listens to a model for a while; made by :meth:`Lent.listening`."""

    def __init__(self, put: ExitStack) -> None:
        """None yet.

        Args:
            put: what takes them away again.
        """
        self._put = put

    def hear(self, module: nn.Module, call: Callable[..., object]) -> None:
        """Calls with (module, arguments, output) after the module; what it gives, if not None, replaces the output."""
        self._put.callback(module.register_forward_hook(call).remove)

    def before(self, module: nn.Module, call: Callable[..., object], *, named: bool = False) -> None:
        """Calls with (module, arguments) before the module; what it gives, if not None, replaces them.

        Args:
            module: that is listened to.
            call: what is called.
            named: whether it is given the arguments that have names as well, and gives back both.
        """
        self._put.callback(module.register_forward_pre_hook(call, with_kwargs=named).remove)

    def softmax(self, call: Callable[[torch.Tensor], torch.Tensor]) -> None:
        """Calls with what each softmax of this thread makes, inside of modules too; what it gives replaces that."""
        self._put.enter_context(_Softmax(call))


class _Softmax(TorchFunctionMode):
    """Hears a function that is no module, and so takes no hook."""

    def __init__(self, call: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self._call = call

    def __torch_function__(
        self,
        func: Callable[..., object],
        types: object,
        args: Sequence[object] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        made = func(*args, **(kwargs or {}))
        return self._call(made) if func in SOFTMAX and isinstance(made, torch.Tensor) else made


@dataclass(eq=False)
class Lent:
    """A model in the hands of one thread. When the loan is over nothing of this is left.

    Attributes:
        checkpoint: what was opened.
        tokenizer: its fast tokenizer.
        eager: the model that returns attention weights.
        sdpa: the same weights behind torch's fused attention, which is faster and returns none.
    """

    checkpoint: Checkpoint
    tokenizer: PreTrainedTokenizerFast
    eager: PreTrainedModel
    sdpa: PreTrainedModel

    @contextmanager
    def listening(self) -> Iterator[Hooks]:
        """Hooks on the model's modules, for as long as the block lasts; they are called in the order they were put."""
        with ExitStack() as put:
            yield Hooks(put)


@dataclass(frozen=True, eq=False)
class Opened:
    """A checkpoint in memory, shared by everyone.

    Attributes:
        checkpoint: what was opened.
        base: the model that it shares with all that was not trained, the tokenizer and the lock included; None where it
            shares nothing.
    """

    checkpoint: Checkpoint
    _whole: Lent
    base: Opened | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @contextmanager
    def lent(self) -> Iterator[Lent]:
        """The model, for as long as the block lasts, and nobody else has it; a long job lets go of it between batches.

        Raises:
            RuntimeError: this thread has borrowed another model. Two threads that have one each and want the other's
                would wait for ever.
        """
        held = getattr(_mine, "lock", None)
        if held not in (None, self._lock):
            raise RuntimeError("One model at a time: give back the one that was borrowed first.")
        with self._lock:
            _mine.lock = self._lock
            lent = replace(self._whole)
            try:
                yield lent
            finally:
                _mine.lock = held
                vars(lent).clear()

    @cached_property
    def nbytes(self) -> int:
        """Bytes of the weights, without those that it shares with another model."""
        shared = set() if self.base is None else {id(each) for each in tensors(self.base._whole.eager)}
        return sum(each.nbytes for each in tensors(self._whole.eager) if id(each) not in shared)

    @cached_property
    def weights(self) -> int:
        """Bytes of all weights that are learned, those included that it shares with another model."""
        return sum(each.nbytes for each in self._whole.eager.parameters())

    @property
    def mask_token(self) -> str:
        """The piece that stands where a word was taken out; "" in a family that has none."""
        return self._whole.tokenizer.mask_token or ""


def busy() -> bool:
    """Whether this thread has borrowed a model."""
    return getattr(_mine, "lock", None) is not None


def tensors(net: PreTrainedModel) -> tuple[torch.Tensor, ...]:
    """All that a model holds, learned or not, each once."""
    return tuple({id(each): each for each in (*net.parameters(), *net.buffers())}.values())
