"""Coming in with a password, going out, the first password of an account, and the first keeper of a server."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from cleardays.problems import BadInput, Problem
from cleardays.store import StoreFault
from cleardays.store.account import Account
from cleardays.web.accounts.cookies import DEVICE, SESSION, give, take_back, token_in
from cleardays.web.accounts.entrance import DEVICE_LASTS, Entrance
from cleardays.web.accounts.passwords import require_good
from cleardays.web.asked import Asked
from cleardays.web.endpoint import Endpoint
from cleardays.web.forms import Form, written
from cleardays.web.guard.limits import caller_of
from cleardays.web.leading import first_page, need_clinic, own_address
from cleardays.web.problem_answers import Refused
from cleardays.web.roles import HELPER, NOBODY, OPEN, PERSON, Need, only_one

WELCOME = "welcome"
_TRIES_A_MINUTE = 30


def home(asked: Asked) -> Response:
    """The first page of whoever asks."""
    helps_nobody = asked.viewer.role == HELPER and only_one(asked.viewer) is None
    return RedirectResponse("/account" if helps_nobody else first_page(asked.viewer.role), 303)


def sign_in(asked: Asked) -> Response:
    """The form; whoever is in already goes on."""
    if not asked.house.settings.clinic or asked.viewer.role != NOBODY:
        return home(asked)
    return _sign_in_page(asked, Form())


def _sign_in_page(asked: Asked, form: Form, status: int = 200) -> Response:
    there = own_address(asked.request.query_params.get("next") or asked.field("next"), "")
    return asked.page("sign_in.html", {"form": form, "next": there}, status=status, keep=False)


def keep_sign_in(asked: Asked) -> Response:
    """Begin a session for whoever knows the password."""
    need_clinic(asked)
    try:
        account = _entrance(asked).by_password(
            asked.field("login"), (asked.form or {}).get("password", ""), caller_of(asked.request)
        )
    except StoreFault:
        raise
    except BadInput as bad:
        return _sign_in_page(asked, without_secrets(written(asked, bad)), 422)
    there = own_address(asked.field("next"), first_page(account.role))
    return come_in(asked, account, there, trusted=bool(asked.field("own")))


def come_in(asked: Asked, account: Account, there: str, *, trusted: bool) -> Response:
    """The answer to somebody who proved who they are: a new session, never one that was there before."""
    entrance, secure = _entrance(asked), asked.house.settings.secure
    token = entrance.begin(account, instead_of=token_in(asked.request, SESSION, secure=secure))
    answer = RedirectResponse(there, 303)
    give(answer, SESSION, token, lasts=entrance.lasts(account.role), secure=secure)
    if account.role == PERSON and trusted:
        device = entrance.trust(account, instead_of=token_in(asked.request, DEVICE, secure=secure))
        give(answer, DEVICE, device, lasts=DEVICE_LASTS, secure=secure)
    return answer


def sign_out(asked: Asked) -> Response:
    """End the session, and where it is asked for also what lets this device add entries."""
    need_clinic(asked)
    secure = asked.house.settings.secure
    answer = RedirectResponse("/sign-in", 303)
    for name in (SESSION, DEVICE) if asked.field("device") == "forget" else (SESSION,):
        token = token_in(asked.request, name, secure=secure)
        if token is not None:
            _entrance(asked).end(token)
            take_back(answer, name, secure=secure)
    asked.house.spaces.leave(asked.request, answer)  # whoever comes next on this device does not land there
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


# ---- the first password of an account, by a link that its keeper handed out


def welcome(asked: Asked) -> Response:
    """The form of a link that is good once."""
    return _welcome_page(asked, _welcomed(asked), Form())


def keep_welcome(asked: Asked) -> Response:
    """Keep the password, and begin a session."""
    account = _welcomed(asked)
    try:
        password = new_password(asked, account.login)
    except BadInput as bad:
        return _welcome_page(asked, account, without_secrets(written(asked, bad)), 422)
    accounts = asked.house.store.accounts
    if accounts.links.use(asked.request.path_params["token"], now=asked.now, purpose=WELCOME) is None:
        raise _no_link()
    accounts.set_secret(account.id, _entrance(asked).passwords.kept(password))
    _entrance(asked).note(account, "password-set")
    return come_in(asked, account, first_page(account.role), trusted=bool(asked.field("own")))


def _welcome_page(asked: Asked, account: Account, form: Form, status: int = 200) -> Response:
    return asked.page("welcome.html", {"form": form, "account": account, "viewer": None}, status=status)


def _welcomed(asked: Asked) -> Account:
    need_clinic(asked)
    link = asked.house.store.accounts.links.look(asked.request.path_params["token"], now=asked.now, purpose=WELCOME)
    account = None if link is None else asked.house.store.accounts.get(str(link.body["account"]))
    if account is None or not account.active:
        raise _no_link()
    return account


def _no_link() -> Refused:
    return Refused(404, Problem("link", "it opens nothing, or nothing any more.", "Ask whoever gave it to you for another."))


# ---- the first keeper


def first_keeper(asked: Asked) -> Response:
    """The form for whoever started the server."""
    need_clinic(asked)
    return asked.page("first_keeper.html", {"form": Form()})


def keep_first_keeper(asked: Asked) -> Response:
    """Make the first keeper with the code of the terminal."""
    need_clinic(asked)
    entrance, address = _entrance(asked), caller_of(asked.request)
    if entrance.tries.wait("first keeper", address):
        raise Refused(429, Problem("code", "too many codes were wrong.", "Start the server again: it prints another one."))
    try:
        password = new_password(asked, asked.field("login"))
        account = entrance.make_first(asked.field("code"), asked.field("login"), asked.field("name"), password)
    except StoreFault:
        raise
    except BadInput as bad:
        entrance.tries.wrong("first keeper", address)
        return asked.page("first_keeper.html", {"form": without_secrets(written(asked, bad))}, status=422)
    return come_in(asked, account, first_page(account.role), trusted=False)


def new_password(asked: Asked, login: str) -> str:
    """A password that was typed twice.

    Raises:
        BadInput: the two differ, or it is guessed soon.
    """
    form = asked.form or {}
    password = form.get("password", "")
    require_good(password, login)
    if form.get("again") != password:
        raise BadInput(Problem("again", "the two are not the same.", "Type it once more."))
    return password


def _entrance(asked: Asked) -> Entrance:
    return asked.house.viewers.entrance


def without_secrets(form: Form) -> Form:
    """What was typed, but for what nobody may see again."""
    secret = ("password", "again", "old", "code")
    return form._replace(typed={name: "" if name in secret else value for name, value in form.typed.items()})


ROWS = (
    Endpoint("GET", "/home", home, Need(OPEN), "the first page of whoever asks"),
    Endpoint("GET", "/sign-in", sign_in, Need(OPEN), "sign in"),
    Endpoint("POST", "/sign-in", keep_sign_in, Need(OPEN), "sign in with a password", often=_TRIES_A_MINUTE),
    Endpoint("POST", "/sign-out", sign_out, Need(OPEN), "sign out"),
    Endpoint("GET", "/welcome/{token}", welcome, Need(OPEN), "the first password of an account", often=_TRIES_A_MINUTE),
    Endpoint("POST", "/welcome/{token}", keep_welcome, Need(OPEN), "set the first password", often=_TRIES_A_MINUTE),
    Endpoint("GET", "/first-keeper", first_keeper, Need(OPEN), "the first keeper of this server", often=_TRIES_A_MINUTE),
    Endpoint("POST", "/first-keeper", keep_first_keeper, Need(OPEN), "make the first keeper", often=_TRIES_A_MINUTE),
)
