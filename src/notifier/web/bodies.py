"""The body of a request, whole or not at all, and never more of it than somebody may send."""

from __future__ import annotations

from starlette.requests import Request

LONGEST_UPLOAD_S = 60.0


async def read_body(request: Request, most: int) -> bytes | None:
    """The raw bytes; None where they are more than `most`.

    Up to twice as much is read to its end and thrown away: who is answered while still talking may never hear the
    answer. What announces more, or goes on and on, is cut off.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > 2 * most:
        return None
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > 2 * most:
            return None
        if length <= most:
            parts.append(part)
    return b"".join(parts) if length <= most else None
