"""What says how the server itself is: `/readyz`, `/v1/health`, `/metrics`."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from clearward import __version__
from clearward.faces.http.answers import Rejected
from clearward.faces.http.gate import Caller
from clearward.faces.http.office import Office
from clearward.service.metrics import CONTENT_TYPE


class Standing:
    """Its handlers. The first two are for everybody: they tell little."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def ready(self, _request: Request) -> Response:
        """Whether objects can be judged, and how old the rules are, in seconds."""
        desk = self._office.service.desk
        if self._office.stopping():
            raise Rejected(503, "stopping", "the server is ending")
        if not desk.ready:
            raise Rejected(503, "not-ready", "the rules are not loaded yet")
        rules = desk.in_force
        now = datetime.now(UTC)
        counts = desk.counts
        return JSONResponse(
            {
                "ready": True,
                "rules": rules.count,
                "seq": rules.seq,
                "age": round((now - rules.built).total_seconds(), 3),
                "loaded_age": round((now - rules.loaded).total_seconds(), 3),
                "reloading": desk.reloading,
                "exclusions": counts.exclusions,
                "exclusions_damaged": bool(counts.damage),
            }
        )

    async def health(self, _request: Request) -> Response:
        """That the server answers."""
        status = "stopping" if self._office.stopping() else "ok"
        return JSONResponse({"status": status, "version": __version__})

    async def metrics(self, _request: Request, _caller: Caller) -> Response:
        """Figures for Prometheus."""
        text = self._office.service.metrics.render()
        return Response(text, media_type=CONTENT_TYPE)
