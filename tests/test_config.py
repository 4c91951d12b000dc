"""The config: defaults, the shipped sample, and every mistake told at once."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from notifier.config import Config, find, load
from notifier.config.toml import known_keys
from notifier.errors import ConfigError
from notifier.shipped import shipped

LEAST = '[mail]\nfrom = "Harbour Chat <privacy@chat.example>"\n'
EXAMPLES = {
    "repository.branch",
    "repository.remote",
    "customers.file",
    "customers.url",
    "customers.query",
    "schedule.timezone",
}
EXAMPLES |= {"page.logo", "page.accent", "page.font", "page.imprint"}
EXAMPLES |= {"judgement.approvers", "alarms.mail", "alarms.webhook", "alarms.command"}
EXAMPLES |= {"proof.anchor", "proof.anchor_ca", "retention.days_after_effect"}
EXAMPLES |= {"mail.reply_to", "mail.rate_per_second", "mail.smtp.username"}
"""Keys whose default is "none": the sample shows an example instead."""
COMMENTED_KEY = re.compile(r"^# (\w+ = )", re.MULTILINE)


@pytest.fixture(autouse=True)
def _beside_the_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def config_of(tmp_path: Path, text: str, environ: dict[str, str] | None = None) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, environ or {})


def mistakes(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config_of(tmp_path, text)
    return str(caught.value).splitlines()


def flat(table: object, prefix: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in table.items() if isinstance(table, dict) else ():
        found |= {prefix + key: value} | flat(value, f"{prefix}{key}.")
    return found


def test_a_sender_is_all_that_an_operator_must_configure(tmp_path: Path) -> None:
    config = config_of(tmp_path, LEAST)

    assert config.notice.period_days == 30
    assert config.mail.transport == "outbox"
    assert config.ledger_url == f"sqlite:///{tmp_path}/.notifier/ledger.db"
    assert config.outbox_dir == tmp_path / ".notifier/outbox"
    assert config.schedule_zone.key == "UTC"


def test_the_shipped_config_names_every_key_and_its_comments_tell_the_defaults(tmp_path: Path) -> None:
    sample = shipped("config.toml").read_text(encoding="utf-8")
    active, whole = flat(tomllib.loads(sample)), flat(tomllib.loads(COMMENTED_KEY.sub(r"\1", sample)))
    defaults = config_of(tmp_path, LEAST)
    told_as_default = {key: value for key, value in whole.items() if key not in active and key not in EXAMPLES}

    assert set(known_keys()) <= set(whole)
    assert told_as_default
    assert told_as_default == {key: value_at(defaults, key) for key in told_as_default}
    without_database = re.sub(r'^(url = "postgresql:|query = ).*$', "", COMMENTED_KEY.sub(r"\1", sample), flags=re.M)
    config_of(tmp_path, without_database)


def value_at(config: Config, key: str) -> object:
    value: object = config
    for name in key.split("."):
        value = getattr(value, name)
    return list(value) if isinstance(value, tuple) else value


def test_an_unknown_key_comes_with_the_nearest_known_one(tmp_path: Path) -> None:
    assert mistakes(tmp_path, LEAST + "[notice]\nperiode_days = 30\n") == [
        "config.toml: notice.periode_days: unknown key; did you mean notice.period_days?"
    ]


def test_a_key_in_the_wrong_table_is_sent_to_its_own(tmp_path: Path) -> None:
    assert mistakes(tmp_path, LEAST + "[page]\nwait_hours = 3\n") == [
        "config.toml: page.wait_hours: unknown key; did you mean judgement.wait_hours?"
    ]


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    told = mistakes(tmp_path, '[notice]\nperiode_days = 1\nmax_bounce_rate = 2\n[mail.smtp]\nport = "five"\n')

    assert sorted(told) == [
        "config.toml: mail.from: required, missing",
        'config.toml: mail.smtp.port: expected a whole number, got "five"',
        "config.toml: notice.max_bounce_rate: expected 0 to 1, got 2",
        "config.toml: notice.periode_days: unknown key; did you mean notice.period_days?",
    ]


@pytest.mark.parametrize(
    ("table", "key", "value", "reason"),
    [
        ("company", "name", '"Harbour\\u202e tahC"', "has a control character, U+202E"),
        ("page", "title", '"Harbour\\u0085Chat"', "has a control character, U+0085"),
        ("mail.smtp", "host", '"no such host"', 'expected a host such as "smtp.chat.example", got "no such host"'),
        ("web", "host", "8080", "expected text in quotation marks, got 8080"),
        ("customers", "encoding", '"cp125"', 'no such encoding as "cp125"; one is "cp1251"'),
        ("notice", "period_days", "-1", "expected 0 to 3,650 days, got -1"),
        ("notice", "period_days", '"thirty"', 'expected a whole number of days, got "thirty"'),
        ("notice", "period_days", "30.5", "expected a whole number of days, got 30.5"),
        ("notice", "period_days", "true", "expected a whole number of days, got true"),
        ("notice", "approval", '"never"', 'expected "auto" or "manual", got "never"'),
        ("notice", "max_bounce_rate", "nan", "expected a number, got nan"),
        ("notice", "action", "5", "expected text, or a table of texts by language, got 5"),
        ("posting", "timezone", '"Mars/One"', 'unknown time zone "Mars/One"; write it as in "Europe/Berlin"'),
        ("posting", "timezone", '"../etc"', 'unknown time zone "../etc"; write it as in "Europe/Berlin"'),
        ("posting", "author", '"Notifier"', 'expected "Name <address>" as git wants it, got "Notifier"'),
        (
            "schedule",
            "cron",
            '"0 25 * * *"',
            'hour: expected 0 to 23, a list "1,3", a range "1-5" or a step "*/2", got "25"',
        ),
        (
            "page",
            "url",
            '"chat.example"',
            'expected an address such as "https://chat.example/legal", got "chat.example"',
        ),
        ("policies", "path", "5", "expected text in quotation marks, got 5"),
        ("policies", "language", '"English"', 'expected a language code such as "en", got "English"'),
        ("web", "port", "70000", "expected 1 to 65,535, got 70000"),
        ("mail", "transport", '"pigeon"', 'expected "outbox", "smtp" or "sendgrid", got "pigeon"'),
        ("mail", "rate_per_second", "0", "expected a number above 0; leave the key out for no limit"),
        ("mail", "link_hosts", '"chat.example"', 'expected a list of hosts, got "chat.example"'),
        (
            "mail",
            "link_hosts",
            '["https://a.example"]',
            'expected hosts such as "chat.example", got "https://a.example"',
        ),
        ("judgement", "approvers", '"Ann"', 'expected a list such as ["Lena Legal <lena@chat.example>"], got "Ann"'),
        ("repository", "branch", '"--all"', 'expected a name that git knows, such as "main" or "origin", got "--all"'),
        ("policies", "path", '"../other"', 'expected a folder beside config.toml, such as "policies", got "../other"'),
        ("mail", "smtp", "5", "expected a table, got 5"),
    ],
)
def test_a_wrong_value_is_told_with_what_was_expected(
    tmp_path: Path, table: str, key: str, value: str, reason: str
) -> None:
    text = f"{LEAST}{key} = {value}\n" if table == "mail" else f"{LEAST}[{table}]\n{key} = {value}\n"

    assert mistakes(tmp_path, text) == [f"config.toml: {table}.{key}: {reason}"]


def test_a_sender_that_is_no_address_is_refused(tmp_path: Path) -> None:
    assert mistakes(tmp_path, '[mail]\nfrom = "Harbour Chat"\n')[0].startswith("config.toml: mail.from: not a mail")


def test_mail_that_leaves_the_machine_needs_a_page_to_link_to(tmp_path: Path) -> None:
    assert mistakes(tmp_path, LEAST + 'transport = "smtp"\n')[0].startswith("config.toml: page.url: required")


def test_text_that_is_not_toml_is_named_by_its_line(tmp_path: Path) -> None:
    assert mistakes(tmp_path, LEAST + "[notice\n") == [
        "config.toml:3: not TOML: expected ']' at the end of a table declaration"
    ]


def test_a_missing_config_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file or directory; `notifier init` makes one"):
        load(tmp_path / "config.toml", {})
    with pytest.raises(ConfigError, match="`notifier init`"):
        find(tmp_path)


def test_the_config_is_found_from_a_folder_below(tmp_path: Path) -> None:
    config_of(tmp_path, LEAST)
    (tmp_path / "policies" / "legal").mkdir(parents=True)

    assert find(tmp_path / "policies" / "legal") == tmp_path / "config.toml"


def test_a_mistake_names_the_file_that_was_read_where_there_may_be_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path, tmp_path / "branch"):
        folder.mkdir(exist_ok=True)
        (folder / "config.toml").write_text("[notice]\nperiod_days = 'thirty'\n")
    monkeypatch.chdir(tmp_path / "branch")

    with pytest.raises(ConfigError, match=r"^config\.toml: mail"):
        load(find(Path.cwd()), {})
    with pytest.raises(ConfigError, match=rf"^{tmp_path}/config\.toml: mail"):
        load(tmp_path / "config.toml", {})


def test_a_secret_in_the_file_is_sent_to_the_environment(tmp_path: Path) -> None:
    (told,) = mistakes(tmp_path, LEAST + '[mail.sendgrid]\napi_key = "SG.hidden"\n')

    assert "SENDGRID_API_KEY" in told
    assert "hidden" not in told


def test_a_password_in_the_ledger_url_is_refused_in_the_file_and_taken_from_the_environment(tmp_path: Path) -> None:
    url = "postgresql+psycopg://notifier:hidden@db/notifier"
    (told,) = mistakes(tmp_path, LEAST + f'[ledger]\nurl = "{url}"\n')

    assert "hidden" not in told
    assert config_of(tmp_path, LEAST, {"NOTIFIER_LEDGER_URL": url}).ledger_url == url


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    names = ("SENDGRID_API_KEY", "SENDGRID_WEBHOOK_KEY", "NOTIFIER_SMTP_PASSWORD")
    environ = dict.fromkeys(names, "hidden") | {"NOTIFIER_LEDGER_URL": "postgresql+psycopg://u:hidden@h/d"}
    config = config_of(tmp_path, LEAST, environ)

    assert config.secrets.sendgrid_api_key == "hidden"
    assert "hidden" not in repr(config)


def test_two_webhook_keys_may_be_given_during_a_rotation(tmp_path: Path) -> None:
    secrets = config_of(tmp_path, LEAST, {"SENDGRID_WEBHOOK_KEY": "old=, new="}).secrets

    assert secrets.sendgrid_webhook_keys == ("old=", "new=")


def test_what_a_customer_can_do_is_said_in_their_language_where_there_is_a_wording(tmp_path: Path) -> None:
    by_language = config_of(tmp_path, LEAST + '[notice]\naction = { en = "Ask us.", de = "Fragen Sie." }\n').notice
    for_all = config_of(tmp_path, LEAST + '[notice]\naction = "Ask us."\n').notice

    assert (by_language.action_in("de"), by_language.action_in("fr")) == ("Fragen Sie.", None)
    assert for_all.action_in("fr") == "Ask us."


def test_where_alarms_go_is_checked_as_everything_is(tmp_path: Path) -> None:
    alarms = '[alarms]\nmail = ["ops@chat.example", "nobody"]\nwebhook = "hooks.example"\ncommand = []\n'
    told = mistakes(tmp_path, LEAST + alarms)

    assert [line.split(": ")[1] for line in told] == ["alarms.mail", "alarms.webhook", "alarms.command"]


def test_alarms_go_to_one_address_or_several_and_to_a_program_as_it_is_typed(tmp_path: Path) -> None:
    alarms = '[alarms]\nmail = "ops@chat.example"\nwebhook = "https://hooks.example/a/?sig=1"\ncommand = "page-me -q"\n'
    config = config_of(tmp_path, LEAST + alarms, {"NOTIFIER_ALARMS_WEBHOOK_SECRET": "whsec_a, whsec_b"})

    assert config.alarms.mail == ("ops@chat.example",)
    assert config.alarms.webhook == "https://hooks.example/a/?sig=1"
    assert config.alarms.command == ("page-me", "-q")
    assert config.secrets.alarms_webhook_secrets == ("whsec_a", "whsec_b")
    assert "whsec" not in repr(config)


@pytest.mark.parametrize(
    "path", [".", "..", "/", ".git", ".notifier/outbox", "policies/site", "templates", "a/../.notifier"]
)
def test_pages_lie_neither_with_what_is_nobodys_to_read_nor_with_the_policies(tmp_path: Path, path: str) -> None:
    (mistake,) = mistakes(tmp_path, LEAST + f'[page]\npath = "{path}"\n')

    assert f'page.path: "{path}"' in mistake
    assert "a folder of their own" in mistake


@pytest.mark.parametrize("key", ['[ledger]\nurl = "sqlite:///site/l.db"', '[customers]\nfile = "site/all.csv"',
                                 '[mail.outbox]\npath = "site"'])  # fmt: skip
def test_nothing_private_lies_among_the_pages(tmp_path: Path, key: str) -> None:
    (mistake,) = mistakes(tmp_path, f"{LEAST}{key}\n")

    assert "would publish site" in mistake


@pytest.mark.parametrize("host", ["x" * 64, "a..b", "a.", "-a", "a-", ".".join(["x" * 60] * 5)])
def test_a_host_is_one_that_can_be_looked_up(tmp_path: Path, host: str) -> None:
    (mistake,) = mistakes(tmp_path, f'{LEAST}[mail.smtp]\nhost = "{host}"\n')

    assert "mail.smtp.host: expected a host" in mistake
