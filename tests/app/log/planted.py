"""Personal data and secrets as they really occur, to be planted wherever something could say them."""

import string

from hypothesis import strategies as st

_letters = string.ascii_letters
_names = st.tuples(
    st.sampled_from(["Inès", "Ada", "José", "Zoë", "Mohammed", "Ngọc", "Оксана", "王"]),
    st.text("aeiourstlnmcbd", min_size=5, max_size=9).map(str.capitalize),
).map(" ".join)
_mails = st.builds(
    "{}@{}.example".format,
    st.text(string.ascii_lowercase + ".", min_size=6, max_size=12).filter(lambda s: s[0] != "." and s[-1] != "."),
    st.text(string.ascii_lowercase, min_size=6, max_size=10),
)
_phones = st.text(string.digits, min_size=8, max_size=11).map("+{}".format)
_accounts = st.text(string.digits, min_size=6, max_size=8).map("HM-{}".format)
_ibans = st.text(string.digits, min_size=18, max_size=22).map("DE{}".format)
_addresses = st.builds("{} {}, {} Lille".format, st.integers(10, 99), _names, st.integers(10_000, 99_999))
_tokens = st.text(_letters + string.digits + "-_", min_size=24, max_size=40).map("eyJ{}.secret".format)
_paths = st.builds("/home/{}/letters/{}.pdf".format, st.text(string.ascii_lowercase, min_size=7, max_size=9), _names)

PLANTED = st.one_of(_names, _mails, _phones, _accounts, _ibans, _addresses, _tokens, _paths)
"""None of them may be found in anything that the log or a report says."""
