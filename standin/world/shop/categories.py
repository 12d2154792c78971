"""Categories: twelve at the top, two below each, two leaves below each of those.

The top ones carry the ids of TikTok's own, so that a client that knows them finds something; all other ids and all
names are invented. A category covers a range of leaves, which is how its products are found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a leaf's products are called and cost."""

    name: str
    nouns: tuple[str, ...]
    cheapest: int
    """US cents."""
    dearest: int
    words: frozenset[str] = frozenset()
    """More words by which a search finds it."""
    local: Mapping[str, str] = field(default_factory=dict)
    """What the thing is called in a storefront of another language."""


def _leaf(name: str, nouns: str, cents: range, words: str = "", **local: str) -> Leaf:
    return Leaf(name, tuple(nouns.split("|")), cents.start, cents.stop, frozenset(words.split()), local)


LEAVES = (
    _leaf("Phone Cases", "Case for iPhone 15|iPhone Case with Stand|Clear iPhone 14 Case", range(599, 3_999),
          "iphone phone case cases cover capinha", br="Capinha para iPhone", vn="Ốp lưng iPhone đẹp",
          id="Casing iPhone"),
    _leaf("Chargers", "USB-C Charger|Charging Cable|Power Bank", range(799, 4_999), "charger cable power"),
    _leaf("Headphones", "Fone Bluetooth TWS|Bluetooth Earbuds|Bluetooth Headphones", range(1_299, 8_999),
          "fone fones bluetooth headphones earbuds earphones", br="Fone Bluetooth", vn="Tai nghe Bluetooth",
          id="Earphone Bluetooth"),
    _leaf("Speakers", "Shower Speaker|Bookshelf Speaker|Pocket Radio", range(1_899, 12_999), "speaker radio"),
    _leaf("Dresses", "Linen Dress|Wrap Dress|Pinafore", range(1_599, 7_999), "dress dresses"),
    _leaf("Skirts", "Pleated Skirt|Denim Skirt|Midi Skirt", range(1_299, 4_999), "skirt skirts"),
    _leaf("Knitwear", "Cardigan|Ribbed Sweater|Wool Vest", range(1_899, 8_999), "sweater knit cardigan", vn="Áo len"),
    _leaf("Coats", "Rain Coat|Quilted Jacket|Parka", range(3_499, 15_999), "coat jacket"),
    _leaf("Lip Colour", "Lip Balm|Lip Tint|Lipstick", range(499, 2_499), "lip lipstick lips"),
    _leaf("Face Care", "Face Cream|Cleansing Foam|Clay Mask", range(799, 4_499), "face cream skin skincare"),
    _leaf("Hair Care", "Hair Oil|Hair Mask|Wooden Comb", range(699, 3_499), "hair shampoo"),
    _leaf("Nails", "Nail Polish|Press-on Nails|Nail File Set", range(399, 1_999), "nail nails"),
    _leaf("Storage", "Storage Box|Drawer Divider|Laundry Basket", range(899, 5_499), "storage box organizer"),
    _leaf("Cleaning", "Spin Mop|Scrub Brush|Dish Cloths", range(499, 4_499), "mop cleaning brush"),
    _leaf("Lamps", "Desk Lamp|Night Light|Paper Lantern", range(1_099, 6_999), "lamp light"),
    _leaf("Candles", "Soy Candle|Tea Lights|Candle Holder", range(599, 3_499), "candle candles"),
    _leaf("Pans", "Frying Pan|Wok|Grill Pan", range(1_499, 8_999), "pan wok"),
    _leaf("Knives", "Paring Knife|Bread Knife|Knife Block", range(999, 9_999), "knife knives"),
    _leaf("Cups", "Travel Mug|Tea Glass|Espresso Cups", range(799, 3_999), "cup mug tumbler"),
    _leaf("Lunch Boxes", "Bento Box|Lunch Bag|Snack Pots", range(899, 3_999), "lunch bento"),
    _leaf("Yoga", "Yoga Mat|Yoga Block|Stretch Strap", range(999, 5_999), "yoga mat"),
    _leaf("Weights", "Kettlebell|Ankle Weights|Grip Trainer", range(1_299, 9_999), "weights gym"),
    _leaf("Camping", "Camp Chair|Head Torch|Dry Bag", range(1_499, 8_999), "camping tent torch"),
    _leaf("Bicycles", "Bicycle Bell|Pannier|Tyre Pump", range(699, 6_999), "bicycle bike"),
    _leaf("Puzzles", "Jigsaw Puzzle|Wooden Puzzle|Puzzle Board", range(999, 4_499), "puzzle jigsaw"),
    _leaf("Model Kits", "Paper Model Kit|Train Kit|Ship in a Bottle Kit", range(1_499, 7_999), "model kit"),
    _leaf("Soft Toys", "Plush Heron|Plush Badger|Plush Octopus", range(899, 3_999), "plush toy toys"),
    _leaf("Board Games", "Card Game|Dice Game|Travel Chess", range(999, 4_999), "game chess cards"),
    _leaf("Dog Things", "Dog Lead|Dog Bed|Chew Rope", range(699, 6_999), "dog"),
    _leaf("Cat Things", "Scratching Post|Cat Tunnel|Cat Hammock", range(999, 7_999), "cat"),
    _leaf("Bird Things", "Bird Feeder|Nest Box|Bird Bath", range(999, 5_999), "bird"),
    _leaf("Fish Things", "Aquarium Light|Fish Net|Pebbles", range(599, 4_999), "fish aquarium"),
    _leaf("Sneakers", "Canvas Sneakers|Running Shoes|Slip-ons", range(2_499, 11_999), "shoes sneakers"),
    _leaf("Sandals", "Cork Sandals|Strap Sandals|Clogs", range(1_499, 6_999), "sandals clogs"),
    _leaf("Boots", "Ankle Boots|Rain Boots|Lace-up Boots", range(3_499, 14_999), "boots"),
    _leaf("Slippers", "Felt Slippers|House Shoes|Bath Slippers", range(999, 3_999), "slippers"),
    _leaf("Shirts", "Oxford Shirt|Flannel Shirt|Band Collar Shirt", range(1_799, 6_999), "shirt shirts"),
    _leaf("Trousers", "Chinos|Corduroy Trousers|Work Trousers", range(2_499, 8_999), "trousers pants"),
    _leaf("Socks", "Wool Socks|Ankle Socks|Hiking Socks", range(499, 2_499), "socks"),
    _leaf("Caps", "Beanie|Bucket Hat|Baseball Cap", range(799, 3_499), "cap hat beanie"),
    _leaf("Backpacks", "Roll-top Backpack|Day Pack|School Bag", range(2_499, 9_999), "backpack bag"),
    _leaf("Suitcases", "Cabin Suitcase|Luggage Tag|Packing Cubes", range(999, 15_999), "suitcase luggage"),
    _leaf("Watches", "Field Watch|Digital Watch|Watch Strap", range(1_499, 14_999), "watch"),
    _leaf("Scarves", "Silk Scarf|Checked Scarf|Snood", range(999, 5_999), "scarf"),
    _leaf("Tea", "Loose Leaf Tea|Herbal Tea|Tea Sampler", range(599, 3_999), "tea"),
    _leaf("Sweets", "Sea Salt Toffee|Liquorice|Dark Chocolate", range(399, 2_499), "sweets chocolate candy"),
    _leaf("Vitamins", "Vitamin D Drops|Magnesium Tablets|Zinc Lozenges", range(899, 4_999), "vitamin vitamins"),
    _leaf("Sleep", "Sleep Mask|Weighted Blanket|Pillow Spray", range(799, 8_999), "sleep pillow"),
)  # fmt: skip

_TOPS = (
    ("601739", "Phones & Electronics", ("Phone Accessories", "Audio")),
    ("601152", "Womenswear & Underwear", ("Dresses & Skirts", "Warm Layers")),
    ("601450", "Beauty & Personal Care", ("Face & Lips", "Hair & Nails")),
    ("600001", "Home Supplies", ("Order at Home", "Light & Scent")),
    ("600024", "Kitchenware", ("Cooking", "On the Table")),
    ("603014", "Sports & Outdoor", ("Indoor Training", "Outside")),
    ("604206", "Toys & Hobbies", ("Patience", "Play")),
    ("602118", "Pet Supplies", ("Dogs & Cats", "Wings & Fins")),
    ("601352", "Shoes", ("Summer Shoes", "Winter Shoes")),
    ("824328", "Menswear & Underwear", ("Shirts & Trousers", "Socks & Caps")),
    ("605248", "Fashion Accessories", ("Bags", "Small Things to Wear")),
    ("700437", "Food & Beverages", ("Tea & Sweets", "Good Nights")),
)
"""Id and name as TikTok has them, and two names of our own below."""
_SUBS_EACH, _LEAVES_EACH = 2, 2


@dataclass(frozen=True)
class Category:
    """One category; `leaves` are the numbers of the leaves it covers."""

    id: str
    name: str
    level: int
    parent: str
    leaves: range

    @property
    def is_leaf(self) -> bool:
        return self.level == 3  # the tree's depth

    @cached_property
    def slug(self) -> str:
        return "-".join(self.name.lower().replace("&", " ").replace("'", "").split())


def _tree() -> list[Category]:
    tree = []
    for number, (top_id, name, subs) in enumerate(_TOPS):
        first = number * _SUBS_EACH * _LEAVES_EACH
        tree.append(Category(top_id, name, 1, "0", range(first, first + _SUBS_EACH * _LEAVES_EACH)))
        for place, sub in enumerate(subs):
            start = first + place * _LEAVES_EACH
            sub_id = str(880_008 + start * 32)
            tree.append(Category(sub_id, sub, 2, top_id, range(start, start + _LEAVES_EACH)))
            tree += [
                Category(str(890_016 + leaf * 64), LEAVES[leaf].name, 3, sub_id, range(leaf, leaf + 1))
                for leaf in range(start, start + _LEAVES_EACH)
            ]
    return tree


CATEGORIES: Mapping[str, Category] = {category.id: category for category in _tree()}


def children_of(category_id: str) -> list[Category]:
    """Return the categories right below one; those at the top for `0`."""
    return [category for category in CATEGORIES.values() if category.parent == category_id]


def path_to(leaf: int) -> list[Category]:
    """Return the categories of a leaf's products, from the top down."""
    return [category for category in CATEGORIES.values() if leaf in category.leaves]


def leaf_for(words: str) -> int | None:
    """Return the leaf that a search means: the one that knows most of its words."""
    wanted = set(words.lower().split())
    scores = [len(wanted & leaf.words) for leaf in LEAVES]
    return scores.index(max(scores)) if max(scores) else None
