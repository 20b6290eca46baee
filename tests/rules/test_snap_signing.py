"""SNAP signatures: published vectors that nobody here wrote, the minifier, timestamps."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
)
from hypothesis import given
from hypothesis import strategies as st

from mpaspor.billing.snap import signing as snap

# docs.midtrans.com, "Signature Generation": a key, a text and what they must give.
MIDTRANS_SECRET = "fdppqbF5wq7vVegyvsV1CROMv646nJ7A"
MIDTRANS_TEXT = (
    "POST:/v1.0/debit/payment-host-to-host:gp9HjjEj813Y9JGoqwOeOPWbnt4CupvIJbU1Mmu4a11MNDZ7Sg5u9a:"
    "56fa5f4999ad8014de49d7898c1d1d53472569db8999de3c1b752a0dd181e98c:2020-01-01T00:00:00+07:00"
)
MIDTRANS_SIGNATURE = (
    "FSlidRHe4ow9qppNifGVQNcdv67lBjgCiP0BHylh+IKXo4fs2rHaGsFNUY0N8t0rPlZs4iAHAOCDklnCccwuJw=="
)
MIDTRANS_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlWbtlh3eM+bW3n5AFj42wddC4L7tQqbLiCFbTv8K67yng9iwK5mEn+UM"
    "XiRhvB2JVWFafCPPxFamsiVG3MjneGjC0BYgmpmw4qXnAnyO3nCdCuPtmZ3ljhKvSTPdWZxrcLi1Xa9V/+Pzb8hrjb5iwMn6SZFN"
    "eMmZYgFKiSeueo6TPln2PoTqXCzs1HtsM8eUVe8GAsjJe/3dYl992nyXOpG21GgNu8o5T3WOptPg6GdDTWkTWUu483yRbVVy04Pz"
    "4L8DDZTDv+WcsAViDn1rA/jB1Auj/UGKx2ovGcBH/a/hor5TbABbODU6cPTHT54K3sSZtvZNV4eFDB1f/4wdfwIDAQAB"
)
MIDTRANS_RSA_SIGNATURE = (
    "iv5YorKVVFOFS59l0HChDvPe+HeoE/jY5CfVgCg5i16nj5/DVnKg49ilkv8PyeU7y38apHhgO+cUrvkfUs5BhDD69yLn7xp8hzN9"
    "RcR0UDy5+nCrQ3GGCVSzZJvlEXN+TB0j4Q6pMsjrq4+YRoyDa4mTlsjJTU9aGjLRFBYgY4MyMQ5x11JyLnoFwbS8TJ5e/q4mUozr"
    "p49VyHe7OQSFnJNwvMSFrDyAIxoOK0IZQIlY29PaDIFcWoR+RJAY42H2FryjJcPpNfeercbkj9jsBLV3wmEKiNoN6lgFFLk5QicD"
    "nAAQzL45s92EYeCqDNuTTJOydaJbUqEo1d/ZPVNBtQ=="
)


def test_vector_s1_hmac_of_a_service_request() -> None:
    assert snap.sign_hmac(MIDTRANS_SECRET, MIDTRANS_TEXT) == MIDTRANS_SIGNATURE


def test_vector_s2_rsa_of_a_token_request() -> None:
    key = load_der_public_key(base64.b64decode(MIDTRANS_KEY))
    assert isinstance(key, rsa.RSAPublicKey)
    text = snap.token_text("G1234325-SNAP", "2023-07-31T07:10:00+07:00")
    assert snap.rsa_matches(key, text, MIDTRANS_RSA_SIGNATURE)
    assert not snap.rsa_matches(key, text + " ", MIDTRANS_RSA_SIGNATURE)
    assert not snap.rsa_matches(key, text, "not base64 at all")


def test_vector_s6_hash_of_a_minified_body() -> None:
    digest = "93a23971a914e5eacbf0a8d25154cda309c3c1c72fbb9914d47c60f3cb681588"
    assert snap.body_digest(snap.minify(b'{ "hello" :\n\t"world" }')) == digest


def test_an_empty_body_has_the_well_known_hash() -> None:
    assert snap.body_digest(snap.minify(b"")).startswith("e3b0c442")
    assert snap.body_digest(b"").endswith("b855")


@pytest.mark.parametrize(
    ("body", "minified"),
    [
        (b'{"a" : "two  spaces\\t stay"}', b'{"a":"two  spaces\\t stay"}'),
        (b'{"a": "quote \\" here" , "b":1}', b'{"a":"quote \\" here","b":1}'),
        (b'{"a": "ends in slash \\\\" , "b":1}', b'{"a":"ends in slash \\\\","b":1}'),
        (b'{"a": 1.50, "b": 1E+2}', b'{"a":1.50,"b":1E+2}'),
        (b'{"b":1,\r\n"a":2}', b'{"b":1,"a":2}'),
        ('{"nama": "é  ü"}'.encode(), '{"nama":"é  ü"}'.encode()),
        (b"", b""),
        (b" \r\n\t ", b""),
    ],
)
def test_minify_drops_only_whitespace_outside_strings(body: bytes, minified: bytes) -> None:
    assert snap.minify(body) == minified


@pytest.mark.parametrize("body", [b'{"a": "open', b'{"a": "open\\', b'{"a": "open\\"}', b'"'])
def test_minify_refuses_a_body_that_ends_inside_a_string(body: bytes) -> None:
    with pytest.raises(snap.BrokenJson):
        snap.minify(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(json_values, st.sampled_from([None, 1, 4, "\t"]), st.booleans())
def test_minify_means_the_same_and_is_the_compact_form(
    value: object, indent: object, ascii_only: bool
) -> None:
    loose = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")  # type: ignore[arg-type]
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=ascii_only)
    assert snap.minify(loose) == compact.encode("utf-8", "surrogatepass")
    assert snap.minify(snap.minify(loose)) == snap.minify(loose)


REQUEST = {"method": "POST", "path": "/snap/v1.0/transfer-va/payment", "token": "t0ken", "timestamp": "now"}


def _match(secret: str, signature: str, body: bytes, **changed: str) -> snap.Match:
    asked = REQUEST | changed
    return snap.match_service(
        secret,
        signature,
        method=asked["method"],
        path=asked["path"],
        token=asked["token"],
        body=body,
        timestamp=asked["timestamp"],
    )


def _signed(secret: str, body: bytes) -> str:
    return snap.sign_service(
        secret, REQUEST["method"], REQUEST["path"], REQUEST["token"], body, REQUEST["timestamp"]
    )


def test_a_signature_fits_whatever_the_whitespace_of_the_body() -> None:
    signature = _signed("rahasia", b'{"a":1}')
    assert _match("rahasia", signature, b'{ "a" : 1 }') is snap.Match.MINIFIED


def test_a_signature_over_the_raw_body_is_tolerated_and_told_apart() -> None:
    body = b'{ "a" : 1 }'
    text = snap.service_text(REQUEST["method"], REQUEST["path"], REQUEST["token"], body, REQUEST["timestamp"])
    match = _match("rahasia", snap.sign_hmac("rahasia", text), body)
    assert match is snap.Match.RAW_BODY and match.accepted


def test_a_hex_signature_is_recognised_and_refused() -> None:
    signature = base64.b64decode(_signed("rahasia", b'{"a":1}')).hex()
    match = _match("rahasia", signature, b'{"a":1}')
    assert match is snap.Match.HEX and not match.accepted


@pytest.mark.parametrize(
    "changed", [{"method": "PUT"}, {"path": "/snap/v1.0/x"}, {"token": "other"}, {"timestamp": "later"}]
)
def test_a_signature_is_bound_to_every_part_of_the_request(changed: dict[str, str]) -> None:
    assert _match("rahasia", _signed("rahasia", b'{"a":1}'), b'{"a":1}', **changed) is snap.Match.NONE


@pytest.mark.parametrize("signature", ["", "é", "AAAA", "00", "=" * 88, "A" * 88])
def test_nonsense_is_no_signature(signature: str) -> None:
    assert _match("rahasia", signature, b"{}") is snap.Match.NONE
    assert _match("rahasia", signature, b'{"open') is snap.Match.NONE


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_another_body_never_fits(body: bytes, other: bytes) -> None:
    try:
        signature = _signed("rahasia", body)
        same = snap.minify(other) == snap.minify(body)
    except snap.BrokenJson:
        return
    assert _match("rahasia", signature, other).accepted is (same or other == snap.minify(body))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T21:00:00+07:00",
        "2026-11-23T21:00:00.000+07:00",
        "2026-11-23T21:00:00.000000+0700",
        "2026-11-23T14:00:00Z",
    ],
)
def test_a_timestamp_is_read_with_and_without_milliseconds(text: str) -> None:
    assert snap.read_timestamp(text) == datetime(2026, 11, 23, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-23", "2026-11-23T21:00:00", "2026-11-23 21:00:00+07:00", "2026-13-23T21:00:00Z",
     "20261123T210000Z", "2026-11-23T21:00+07:00", "0001-01-01T00:00:00+07:00", "٢٠26-11-23T21:00:00Z"],
)  # fmt: skip
def test_a_timestamp_without_seconds_or_offset_is_refused(text: str) -> None:
    with pytest.raises(snap.BadTimestamp):
        snap.read_timestamp(text)


def test_five_minutes_of_skew_are_allowed_and_not_a_second_more() -> None:
    now = datetime(2026, 11, 23, 14, tzinfo=UTC)
    for sign in (1, -1):
        assert snap.is_fresh(now + sign * timedelta(minutes=5), now)
        assert not snap.is_fresh(now + sign * timedelta(minutes=5, seconds=1), now)


def test_a_key_that_is_too_short_or_no_key_is_refused() -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    pem = weak.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for wrong in (pem, b"", b"-----BEGIN PUBLIC KEY-----"):
        with pytest.raises(snap.BadKey):
            snap.public_key(wrong)
    with pytest.raises(snap.BadKey):
        snap.private_key(b"nothing")


def test_what_one_role_signs_the_other_accepts() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    text = snap.token_text("bank", "2026-11-23T14:00:00Z")
    assert snap.rsa_matches(snap.public_key(public), text, snap.sign_rsa(snap.private_key(pem), text))
