"""Who may call the hooks: each call brings a token of its own, signed by a client that the operator named.

Authorization: Bearer …  ->  which client (iss), which of its keys (kid)  ->  signature, claims, age
                         ->  never seen before (jti)  ->  in
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import jwt

from afterrun_web.fhir.clients import ELLIPTIC, RSA, Client, Clients

LONGEST = 8 * 1024
"""Characters of a token."""
LONGEST_LIFE = 300
"""Seconds from iat to exp: a token is for one call."""
LEEWAY = 30
"""Seconds by which another clock may differ."""
LONGEST_ID = 256
MOST_REMEMBERED = 100_000
"""Tokens whose time is not over; while there are more, nobody comes in: one could be a second time there."""
CLAIMS = ["iss", "aud", "exp", "iat", "jti"]


class NotTrusted(Exception):
    """A call that is refused, and in words why."""


class TooMany(Exception):
    """More calls than can be told apart."""


class Trust:
    """Takes a token once."""

    def __init__(
        self, clients: Clients, now: Callable[[], datetime], most_remembered: int = MOST_REMEMBERED
    ) -> None:
        self.clients = clients
        self._now = now
        self._most = most_remembered
        self._seen: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()
        # What came before this began is not remembered: a token of then may have been used.
        self._began = now().timestamp()

    def check(self, authorization: str, endpoints: tuple[str, ...]) -> None:
        """Let a call to these addresses of this server pass, or raise NotTrusted or TooMany.

        `authorization` is the header as it came. The addresses are whole, as clients know them.
        """
        scheme, _, token = authorization.strip().partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotTrusted("a token is wanted, as 'Authorization: Bearer …', made anew for each call")
        if len(token) > LONGEST:
            raise NotTrusted(f"the token is longer than {LONGEST} characters")
        client, key = self._signer(token)
        claims = self._claims(token, key, client, endpoints)
        self._once(client.iss, claims)

    def _signer(self, token: str) -> tuple[Client, jwt.PyJWK]:
        """Whose key the token is to be checked with; of what it says nothing else is believed yet."""
        try:
            # A header that demands (crit) what is not known is refused here too, from PyJWT 2.12 on.
            header = jwt.get_unverified_header(token)
            said = jwt.decode(token, options={"verify_signature": False})
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise NotTrusted("the token is no JWT") from None
        if header.get("alg") not in (ELLIPTIC, RSA):
            raise NotTrusted(f"the token is to be signed with {ELLIPTIC} or {RSA}")
        if str(header.get("typ", "")).upper() != "JWT":
            raise NotTrusted("the token's header is to say that its typ is JWT")
        iss = said.get("iss")
        client = self.clients.by_iss.get(iss) if isinstance(iss, str) else None
        if client is None:
            raise NotTrusted("the token's iss is none of the clients that are trusted here")
        if "jku" in header and header["jku"] != client.jku:
            raise NotTrusted("the token's jku is not the one that is known of this client")
        kid = header.get("kid")
        key = client.keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise NotTrusted("the token's kid is none of the keys that are known of this client")
        if key.algorithm_name != header["alg"]:
            raise NotTrusted(f"the token's key is one for {key.algorithm_name}")
        return client, key

    def _claims(
        self, token: str, key: jwt.PyJWK, client: Client, endpoints: tuple[str, ...]
    ) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=[key.algorithm_name],
                # Times are held against the server's own clock, below.
                options={"require": CLAIMS, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
                issuer=client.iss,
                audience=list(endpoints),
            )
        except jwt.MissingRequiredClaimError as error:
            raise NotTrusted(f"the token lacks the claim {error.claim}") from None
        except jwt.InvalidAudienceError:
            raise NotTrusted(f"the token's aud is to be the address that is called: {endpoints[0]}") from None
        except jwt.InvalidSignatureError:
            raise NotTrusted("the token's signature does not fit the client's key") from None
        except (jwt.PyJWTError, ValueError, TypeError):
            raise NotTrusted("the token cannot be used: a claim is not what it is to be") from None
        self._check_times(claims)
        if not isinstance(claims["jti"], str) or not 0 < len(claims["jti"]) <= LONGEST_ID:
            raise NotTrusted(f"the token's jti is to be a text of at most {LONGEST_ID} characters")
        return claims

    def _check_times(self, claims: dict[str, Any]) -> None:
        now = self._now().timestamp()
        exp, iat, begins = claims["exp"], claims["iat"], claims.get("nbf", claims["iat"])
        if not all(
            isinstance(each, int | float) and not isinstance(each, bool) for each in (exp, iat, begins)
        ):
            raise NotTrusted("the token's exp and iat are to be seconds since 1970")
        if not exp > now - LEEWAY:
            raise NotTrusted("the token is over: make a new one for each call")
        if not max(iat, begins) < now + LEEWAY:
            raise NotTrusted("the token's iat or nbf lies in the future: look at the client's clock")
        # Added, not taken away: a whole number without bounds does not become a float.
        if not exp <= iat + LONGEST_LIFE:
            raise NotTrusted(f"the token's exp is to be at most {LONGEST_LIFE} seconds after its iat")
        if iat < int(self._began):
            raise NotTrusted("the token was made before this server began: make a new one for each call")

    def _once(self, iss: str, claims: dict[str, Any]) -> None:
        now = self._now().timestamp()
        which = (iss, claims["jti"])
        with self._lock:
            if len(self._seen) >= self._most:
                self._seen = {each: until for each, until in self._seen.items() if until >= now}
            if self._seen.get(which, 0) >= now:
                raise NotTrusted("the token was used before: make a new one for each call")
            if len(self._seen) >= self._most:
                raise TooMany
            self._seen[which] = claims["exp"] + LEEWAY
