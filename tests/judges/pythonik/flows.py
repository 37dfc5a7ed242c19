"""A day of integrators at one tenant, with the vendor's client alone."""

from tests.judges.ledger import Ledger
from tests.judges.pythonik import library, people, pieces, review, team
from tests.judges.pythonik.desk import Desk


def main() -> None:
    """Everything, in an order in which a day could go."""
    ledger = Ledger.from_stdin()
    desk = Desk(ledger)
    people.flow(desk)
    asset_id, version_id = library.flow(desk)
    library.metadata(desk, asset_id, version_id)
    library.collections(desk, asset_id)
    review.flow(desk, asset_id, version_id)
    review.shares(desk, asset_id)
    pieces.look(desk, asset_id, version_id)
    pieces.upload(desk)
    pieces.archive(desk, asset_id)
    team.flow(desk, asset_id)
    team.numbers(desk, asset_id)
    library.handed_over(desk)
    ledger.end()


if __name__ == "__main__":
    main()
