"""What can go wrong with sound and models."""

from guitai.kernel.errors import GuitaiError


class SpeechError(GuitaiError):
    """Any failure of this package."""

    code = "speech"


class AudioError(SpeechError):
    """A file gives no usable sound."""

    code = "audio"


class EmptyAudioError(AudioError):
    """The file holds no byte."""

    code = "audio.empty"


class NotAudioError(AudioError):
    """The content is none of the containers we read, whatever the name says."""

    code = "audio.not_audio"


class DamagedAudioError(AudioError):
    """The container is one we read, but no sound can be got out of it."""

    code = "audio.damaged"


class NoSamplesError(AudioError):
    """The file is sound and whole, and lasts no time at all."""

    code = "audio.no_samples"


class UnknownCodecError(AudioError):
    """The container is one we read, the coding of the sound in it is not."""

    code = "audio.codec"


class UnsupportedLayoutError(AudioError):
    """Three channels or more: we cannot tell who is on which."""

    code = "audio.layout"


class AudioTooLongError(AudioError):
    """Longer than one recording may be."""

    code = "audio.too_long"


class ModelError(SpeechError):
    """A model file is not what the catalogue pins."""

    code = "model"


class ModelMissingError(ModelError):
    """A file of the model is not there."""

    code = "model.missing"


class ModelAlteredError(ModelError):
    """A file of the model has other bytes than the catalogue pins."""

    code = "model.altered"


class UnknownModelError(ModelError):
    """The catalogue has no model of this name."""

    code = "model.unknown"
