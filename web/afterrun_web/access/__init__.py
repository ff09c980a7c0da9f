"""Who may come in where several share one server: accounts, sessions, roles, and what is unsafe.

    request  ->  gate: who is it (sessions), may they (roles), did our page send it (CSRF)  ->  pages | api
    name and password  ->  sign_in  ->  limits  ->  accounts (argon2)  ->  a new session

Nothing here knows a diary or an answer: it says who came, and `visitors` tells whoever asks.
"""

from afterrun_web.access.accounts import AccountLine, Accounts
from afterrun_web.access.errors import AccountError
from afterrun_web.access.gate import Gate
from afterrun_web.access.passwords import Passwords, password_fault
from afterrun_web.access.roles import audience_of
from afterrun_web.access.safety import Finding, findings
from afterrun_web.access.sessions import Sessions
from afterrun_web.access.sign_in import Access, router

__all__ = [
    "Access",
    "AccountError",
    "AccountLine",
    "Accounts",
    "Finding",
    "Gate",
    "Passwords",
    "Sessions",
    "audience_of",
    "findings",
    "password_fault",
    "router",
]
