"""The certificate of a training, the estimate of its memory, and both on a terminal."""

import json

import pytest
from rich.console import Console

from stumper.errors import BadInput
from stumper.train import Check, TrainConfig, certificate, machine, show

CHECKS = [
    Check(name="rows", passed=True, detail="44 rows"),
    Check(name="size of a step", passed=False, detail="too long", waived=True),
    Check(name="memory", passed=False, detail="too much"),
]


def made(checks=CHECKS):
    return certificate.certify(TrainConfig(), "d" * 64, {"<A>": 2}, checks, certificate.Here(seconds=90.0))


def test_a_certificate_that_was_changed_is_refused(tmp_path):
    certificate.save(made(), tmp_path / "rival")
    path = tmp_path / "rival" / certificate.FILE
    assert certificate.load(path) == made()
    told = json.loads(path.read_text())
    for change in ({"data": "e" * 64}, {"checks": told["checks"][:2]}, {"versions": {}}):
        path.write_text(json.dumps(told | change))
        with pytest.raises(BadInput, match="changed after it was made"):
            certificate.load(path)


def test_what_the_clock_says_is_no_part_of_the_digest():
    again = certificate.certify(TrainConfig(), "d" * 64, {"<A>": 2}, CHECKS, certificate.Here(seconds=1.0))
    assert again.sha256 == made().sha256


def test_a_failed_check_fails_the_certificate_and_a_waived_one_does_not():
    assert not made().passed
    assert made(CHECKS[:2]).passed


def test_the_table_names_every_check_with_its_verdict(tmp_path):
    console = Console(record=True, width=120)
    show.certificate(made(), tmp_path / certificate.FILE, console)
    lines = console.export_text().splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["ok", "waived", "FAIL"]
    assert "about 2 minutes" in lines[4]


SMOLLM2 = machine.Shape(layers=30, width=576, heads=9, vocabulary=49152, parameters=134_515_008, adapter=4_884_480)


def test_a_training_that_cannot_fit_is_refused_with_the_mend():
    assert machine.fits(SMOLLM2, 200, 1536, 400, 8 * 2**30).passed
    check = machine.fits(SMOLLM2, 200, 1536, 400, 2**30)
    assert not check.passed
    assert "shorter rows" in check.detail
    assert machine.fits(SMOLLM2, 200, 1536, 400, None).passed


def test_what_a_container_leaves_is_its_limit_less_what_is_used(tmp_path):
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("700\n")
    (tmp_path / "memory.stat").write_text("anon 400\ninactive_file 200\n")
    assert machine._left_in_group(tmp_path) == 500
    (tmp_path / "memory.max").write_text("max\n")
    assert machine._left_in_group(tmp_path) is None
