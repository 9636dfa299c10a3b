import pytest

from playground.models.catalogue import BUNDLED, CATALOGUE, FOLDERS, bundled_folder, card
from playground.models.sources import HUB_ID


def test_ids_are_unique_and_loadable_names():
    ids = [entry.id for entry in CATALOGUE]

    assert len(set(ids)) == len(ids)
    assert all(HUB_ID.fullmatch(name) for name in ids if name not in FOLDERS)
    assert set(FOLDERS) <= set(ids)


def test_every_card_has_sizes_and_a_licence():
    for entry in CATALOGUE:
        assert entry.parameters > 0
        assert (entry.download_bytes > 0) == (entry.id not in FOLDERS), entry.id
        assert entry.licence, entry.id


def test_every_family_is_there():
    assert {entry.family for entry in CATALOGUE} == {"causal", "masked", "seq2seq"}


def test_a_card_is_found_by_its_id():
    assert card(BUNDLED).id == BUNDLED
    assert card("nobody/nothing") is None


@pytest.mark.parametrize("name", FOLDERS)
def test_a_bundled_model_ships_its_weights_and_tokenizer(name):
    names = {path.name for path in bundled_folder(name).iterdir()}

    assert {"config.json", "tokenizer.json", "tokenizer_config.json"} <= names
    assert any(name.endswith(".safetensors") for name in names)
