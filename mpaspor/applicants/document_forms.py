"""The form of one paper: a photo, and what it shows where several kinds will do."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import SelectField

from mpaspor.applications.paper_queries import PaperCard
from mpaspor.web.fields import PictureField
from mpaspor.web.forms import BaseForm, OneOf
from mpaspor.web.labels.papers import DOCUMENT_NAMES


class DocumentForm(BaseForm):
    """One per paper; the prefix keeps the ids of a page's forms apart."""

    kind = SelectField(validators=[OneOf()], validate_choice=False)
    photo = PictureField(render_kw={"accept": "image/jpeg,image/png"})


def form_for(card: PaperCard) -> DocumentForm:
    """The form of a card, its choice set to what was given before."""
    form = DocumentForm(prefix=f"{card.paper.code}-")
    form.kind.label.text = _("Jenis berkas")
    form.kind.choices = [(str(kind), str(DOCUMENT_NAMES[kind])) for kind in card.paper.kinds]
    if not form.is_submitted() and card.document is not None:
        form.kind.data = card.document.kind
    form.photo.label.text = _("Ganti foto") if card.has_picture else _("Pilih atau ambil foto")
    return form
