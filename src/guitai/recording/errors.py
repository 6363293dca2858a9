"""What can be wrong with a call on its way in, in words safe to show."""

from guitai.kernel.errors import GuitaiError


class MetadataUnreadable(GuitaiError):
    """The metadata file cannot be used at all."""

    code = "metadata.unreadable"


class RunInProgress(GuitaiError):
    """Another run inspects at this moment; two at once would seal the same calls over each other."""

    code = "inspect.busy"


class CallNotFound(GuitaiError):
    """No call has this id."""

    code = "call.not_found"


class BadTime(GuitaiError):
    """A position in a call is not of the form 00:03:20, or lies outside the call."""

    code = "call.bad_time"
