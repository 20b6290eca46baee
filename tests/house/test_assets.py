"""What travels to the phone stays small, carries its version in its name, and hides nothing inline."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from mpaspor.web.assets import BUNDLES, STATIC, build, minify_css

ROOT = STATIC.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if path.relative_to(ROOT / "templates").parts[0] != "messages"]

INLINE = {
    "a script without src": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "an on… attribute": re.compile(r"<[a-z][^<>]*\s(?:hx-)?on[:a-z-]*\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
}


def test_public_styles_stay_below_8_kb() -> None:
    assert len(build("site.css").gzip) <= 8_000


def test_officers_styles_stay_below_4_kb() -> None:
    assert len(build("officer.css").gzip) <= 4_000


def test_all_scripts_with_htmx_stay_below_30_kb() -> None:
    assert len(build("app.js").gzip) <= 30_000


def test_every_script_and_style_is_in_a_bundle_and_every_bundled_file_exists() -> None:
    bundled = {path for paths in BUNDLES.values() for path in paths}
    on_disk = {
        str(path.relative_to(STATIC))
        for folder in ("css", "js", "vendor")
        for path in (STATIC / folder).iterdir()
    }
    assert on_disk <= bundled
    assert all((STATIC / path).is_file() for path in bundled)


@pytest.mark.parametrize("script", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.name)
def test_own_scripts_stay_below_100_lines(script: Path) -> None:
    assert len(script.read_text("utf-8").splitlines()) < 100


def test_vendored_files_carry_their_exact_version() -> None:
    for path in (STATIC / "vendor").iterdir():
        assert re.search(r"-\d+\.\d+\.\d+\.", path.name), path.name


def test_the_vendored_htmx_is_the_version_that_its_name_says() -> None:
    assert 'version:"2.0.11"' in (STATIC / "vendor" / "htmx-2.0.11.min.js").read_text("utf-8")


@pytest.mark.parametrize("template", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_has_script_or_style_inline(template: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", template.read_text("utf-8"), flags=re.DOTALL)
    found = [what for what, pattern in INLINE.items() if pattern.search(source)]
    assert not found


def test_styles_fetch_nothing() -> None:
    for path in (STATIC / "css").glob("*.css"):
        source = minify_css(path.read_text("utf-8"))
        assert "url(" not in source and "@import" not in source, path.name


def _without_custom_properties(css: str) -> str:
    """What an engine of 2015 makes of it: no name, nothing that uses one, and no rule that asks for them."""
    css = re.sub(r"@supports \(--a:0\)\{(?:[^{}]*\{[^{}]*\})*\}", "", css)
    return re.sub(r"(?<=[{;])(?:--[\w-]+:[^;{}]*|[a-z-]+:[^;{}]*var\([^;{}]*);?", "", css)


def test_without_custom_properties_the_page_keeps_its_light_colours_and_the_browsers_own_circles() -> None:
    old = _without_custom_properties(build("site.css").plain.decode())
    assert "var(" not in old and "--" not in old.replace("--:", "")
    assert re.search(r"body\{margin:0;background:#fff;color:#0f201e;", old)
    assert re.search(r"\.btn[^{}]*\{[^}]*background:#00554f", old)
    assert ".cloth{background:#00433d;color:#fff" in old
    assert "border:1px solid #c6d4d1" in old, "a notice without a kind has the border of its fallback"
    assert "appearance:none" not in old, "a circle that is drawn by hand would not be seen"


def test_an_engine_that_knows_a_name_takes_it_and_not_the_plain_value_before_it() -> None:
    css = build("site.css").plain.decode()
    pairs = re.findall(r"(?<=[{;])([a-z-]+):[^;{}]*var\([^;{}]*\)[^;{}]*;\1:(?![^;{}]*var\()", css)
    assert not pairs, "a plain value after its name would win"


def test_a_name_changes_with_the_content_and_only_then() -> None:
    assert build("site.css").digest == build("site.css").digest
    assert build("site.css").digest != build("officer.css").digest


def test_the_smallest_form_goes_to_who_understands_it() -> None:
    asset = build("site.css")
    assert asset.encoded("gzip, deflate, br") == (asset.brotli, "br")
    assert asset.encoded("gzip") == (asset.gzip, "gzip")
    assert asset.encoded("br;q=0, identity") == (asset.plain, None)
    assert gzip.decompress(asset.gzip) == asset.plain


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(sign * 2 for sign in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT_PAIRS = [
    *(
        ("ink", ground)
        for ground in ("paper", "mist", "soft", "now-soft", "bad-soft", "ok-soft", "info-soft")
    ),
    *(("ink2", ground) for ground in ("paper", "mist", "soft")),
    ("brand", "paper"),
    ("on-brand", "brand"),
    ("on-brand", "brand-hi"),
    ("now-ink", "now-soft"),
    ("ok", "ok-soft"),
    ("bad", "bad-soft"),
    ("bad", "paper"),
    ("info", "info-soft"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_keeps_seven_to_one_on_every_ground(scheme: str) -> None:
    light, dark = (STATIC / "css" / "tokens.css").read_text("utf-8").split("@media print")[0].split("@media")
    colours = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", light if scheme == "light" else dark))
    weak = [pair for pair in TEXT_PAIRS if _contrast(colours[pair[0]], colours[pair[1]]) < 7]
    assert not weak
