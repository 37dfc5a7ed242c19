"""What the palette finds beside commands: saved views, assets, templates and customers, out of what is here."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from app.records import Asset, TemplateState
from app.store.asset_question import AssetQuestion
from app.use_cases.search_assets import AssetSearch
from ui.pages.assets import words as asset_words
from ui.pages.context import PageContext
from ui.shell import Hit, Provider, Scope
from ui.theme import Icon
from ui.widgets import StateMark

MOST = 6

TEMPLATE_MARKS = {
    TemplateState.DRAFT: StateMark.DRAFT,
    TemplateState.IN_REVIEW: StateMark.IN_REVIEW,
    TemplateState.APPROVED: StateMark.APPROVED,
    TemplateState.REJECTED: StateMark.REJECTED,
    TemplateState.UNKNOWN: StateMark.WARNING,
}


def finders(context: PageContext) -> Sequence[Provider]:
    """One for each kind of thing."""

    async def find_assets(words: str, _scope: str) -> Sequence[Hit]:
        answer = await context.run(
            context.use.search_assets, AssetSearch(question=AssetQuestion(words=words), limit=MOST)
        )
        today = date.today()  # noqa: DTZ011 - rights end at the end of the day where the person sits
        return [_asset_hit(asset, context, today=today) for asset in answer.assets]

    async def find_templates(words: str, _scope: str) -> Sequence[Hit]:
        wanted = words.casefold().split()
        known = await context.run(context.use.list_templates)
        found = [each for each in known if all(word in each.name.casefold() for word in wanted)]
        return [
            Hit(
                key=f"template {template.id}",
                title=template.name,
                group="Templates",
                detail=f"template · v{template.version}",
                icon=Icon.PROOFS,
                mark=TEMPLATE_MARKS[template.state],
                word=template.state.value.replace("_", " "),
                act=partial(context.go_to, "proofs", template.id),
            )
            for template in found[:MOST]
        ]

    async def find_customers(words: str, _scope: str) -> Sequence[Hit]:
        matches = await context.run(context.use.find_customers, words)
        return [
            Hit(
                key=f"customer {match.customer.number}",
                title=match.customer.name,
                group="Customers",
                detail=str(match.customer.number),
                icon=Icon.PERSON,
                mark=StateMark.REJECTED if match.trouble else None,
                word=f"{match.trouble} failed" if match.trouble else "",
                act=partial(context.go_to, "support", match.customer.number),
            )
            for match in matches[:MOST]
        ]

    async def find_views(words: str, _scope: str) -> Sequence[Hit]:
        wanted = words.casefold().split()
        kept = await context.run(context.use.list_views)
        found = [each for each in kept if all(word in each.name.casefold() for word in wanted)]
        return [
            Hit(
                key=f"view {view.name}",
                title=view.name,
                group="Views",
                detail="saved view of the assets",
                icon=Icon.SEARCH,
                act=partial(context.go_to, "assets", view),
            )
            for view in found[:MOST]
        ]

    return (
        Provider(scope=Scope(key="assets", word="Assets", prefix="a:"), find=find_assets),
        Provider(scope=Scope(key="templates", word="Templates", prefix="t:"), find=find_templates),
        Provider(scope=Scope(key="customers", word="Customers", prefix="c:"), find=find_customers),
        Provider(scope=Scope(key="views", word="Views", prefix="v:"), find=find_views),
    )


def _asset_hit(asset: Asset, context: PageContext, *, today: date) -> Hit:
    """An asset with the state that the grid shows: rights that end soon outweigh an approval."""
    mark, word = asset_words.state_of(asset, today=today)
    return Hit(
        key=f"asset {asset.key}",
        title=asset.name,
        group="Assets",
        detail=f"asset · {asset_words.aside(asset)}",
        icon=Icon.PICTURE,
        mark=mark,
        word=word,
        act=partial(context.go_to, "assets", asset.key),
    )
