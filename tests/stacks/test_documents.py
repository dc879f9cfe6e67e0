"""README.md, Pulumi.yaml and docs/portability.md say of the settings what the code says."""

from infra.portability import LEDGER
from stacks.settings import Settings
from tests.synth import ROOT
from tools.documents import DOCUMENTS, settings


def test_documents_are_current() -> None:
    for name, rewrite in DOCUMENTS.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        assert rewrite(text) == text, f"{name}: see `make documents`"


def test_every_setting_is_described() -> None:
    assert [setting.key for setting in settings() if not setting.description] == []


def test_every_setting_of_the_top_level_has_its_lines() -> None:
    keys = {setting.key.removeprefix("airfield:").partition(".")[0] for setting in settings()}
    aliases = {str(field.validation_alias or field.alias) for field in Settings.model_fields.values()}
    assert keys == aliases | {"secrets"}


def test_every_loss_is_on_the_page_of_portability() -> None:
    page = (ROOT / "docs" / "portability.md").read_text(encoding="utf-8")
    notes = [verdict.note for verdicts in LEDGER.values() for verdict in verdicts.values() if verdict.is_loss]
    assert [note for note in notes if note not in page] == []
