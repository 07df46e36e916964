//! What a name says about a thing: plausible sizes, masses and customs numbers for the words that gift goods are named with.
//! MADE UP: plausible, not measured. The first row that fits counts, so particular words stand before general ones.

/// Size and mass of what a word names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// Words of a name, any of which fits.
    pub words: &'static [&'static str],
    /// Length, width, height in mm.
    pub size_mm: [u32; 3],
    /// Mass in grams.
    pub weight_g: u32,
    /// Customs tariff number (Harmonized System, 6 digits).
    pub hs: &'static str,
}

const fn kind(words: &'static [&'static str], size_mm: [u32; 3], weight_g: u32, hs: &'static str) -> Kind {
    Kind { words, size_mm, weight_g, hs }
}

/// The rows, particular before general.
pub(super) const KINDS: &[Kind] = &[
    kind(&["HOT WATER BOTTLE", "WOOLLY HOTTIE"], [260, 170, 35], 310, "401490"),
    kind(&["CAKE CASES", "CAKE CASE"], [80, 80, 40], 45, "482369"),
    kind(&["T-LIGHT HOLDER", "TLIGHT HOLDER", "LANTERN"], [95, 90, 110], 260, "701399"),
    kind(&["CAKESTAND", "CAKE STAND"], [270, 270, 120], 1_250, "691110"),
    kind(&["ALARM CLOCK", "WALL CLOCK", "CLOCK"], [150, 130, 70], 340, "910511"),
    kind(&["HARMONICA", "WHISTLE", "RECORDER"], [110, 40, 25], 60, "920590"),
    kind(
        &["GLIDER", "SPINNING", "PLAYHOUSE", "JIGSAW", "TOY", "GAME", "DOMINO", "SKIPPING", "YOYO"],
        [160, 100, 30],
        110,
        "950300",
    ),
    kind(&["INCENSE"], [240, 30, 20], 30, "330741"),
    kind(&["CANDLE", "T-LIGHTS", "NIGHT LIGHT", "NIGHTLIGHT"], [75, 75, 80], 180, "340600"),
    kind(&["CALCULATOR", "RADIO", "TORCH", "LIGHTS"], [120, 80, 40], 140, "940540"),
    kind(&["TEA SET", "TEACUP", "SAUCER", "MUG", "CUP ", "COFFEE SET"], [120, 95, 95], 330, "691200"),
    kind(&["PLATE", "BOWL", "DISH", "JUG", "TEAPOT", "POT ", "CERAMIC", "EGG CUP"], [180, 180, 55], 420, "691200"),
    kind(&["GLASS", "VASE", "JAR", "BOTTLE", "DECANTER", "CRYSTAL"], [85, 85, 160], 390, "701399"),
    kind(&["MIRROR", "PHOTO FRAME", "PICTURE FRAME", "FRAME"], [210, 160, 20], 350, "441400"),
    kind(
        &["METAL SIGN", "SIGN", "PLAQUE", "WALL TIDY", "BLACK BOARD", "MEMOBOARD", "NOTICEBOARD"],
        [260, 190, 12],
        290,
        "830629",
    ),
    kind(&["DOORMAT", "DOOR MAT", "RUG"], [400, 330, 60], 1_300, "570500"),
    kind(&["UMBRELLA", "PARASOL"], [600, 60, 60], 420, "660199"),
    kind(&["CABINET", "DRAWER", "SHELF", "TABLE", "STOOL", "CHAIR"], [300, 220, 160], 1_500, "940360"),
    kind(&["PICNIC", "BASKET", "WICKER", "HAMPER"], [250, 180, 90], 430, "460219"),
    kind(
        &["JUMBO BAG", "SHOPPER", "SHOULDER BAG", "LUNCH BAG", "BACKPACK", "TOTE", "RUCKSACK"],
        [300, 240, 20],
        130,
        "420292",
    ),
    kind(&["LUNCH BOX", "SNACK BOX", "STORAGE", "TRINKET BOX", "TIN ", "TINS", "CADDY"], [180, 130, 70], 210, "732393"),
    kind(&["CUSHION", "PILLOW", "QUILT", "THROW"], [320, 300, 90], 380, "940490"),
    kind(
        &["APRON", "TOWEL", "OVEN GLOVE", "TABLE CLOTH", "TABLECLOTH", "COSY", "TEA COSY"],
        [240, 180, 25],
        170,
        "630260",
    ),
    kind(&["HAND WARMER", "WARMER"], [90, 90, 20], 90, "382499"),
    kind(&["CUTLERY", "SPOON", "FORK", "KNIFE", "CUTTER", "WHISK", "SPATULA", "SCALES"], [200, 70, 30], 190, "821599"),
    kind(
        &["DECORATION", "CHRISTMAS", "GARLAND", "BAUBLE", "TREE", "ANGEL", "SANTA", "REINDEER"],
        [110, 90, 30],
        55,
        "950510",
    ),
    kind(
        &["BRACELET", "NECKLACE", "EARRING", "RING", "CHARM", "PENDANT", "BROOCH", "HAIR"],
        [60, 45, 15],
        20,
        "711719",
    ),
    kind(
        &[
            "CARD", "NOTEBOOK", "STICKER", "WRAP", "PAPER", "TISSUE", "NAPKIN", "BOOK", "PENCIL", "PEN ", "TAPE",
            "RIBBON",
        ],
        [150, 110, 15],
        65,
        "482010",
    ),
    kind(&["PLASTERS"], [95, 65, 22], 48, "300510"),
    kind(&["FELTCRAFT", "CRAFT", "SEWING", "KNIT", "KIT"], [180, 130, 40], 120, "630800"),
    kind(&["DOLL", "BABUSHKA", "OWL", "CAT", "DOG", "BIRD"], [120, 80, 50], 105, "950300"),
    kind(&["BUNTING", "FLAG"], [210, 150, 30], 150, "630790"),
    kind(&["SOAP", "SPONGE", "BATH"], [120, 90, 60], 95, "340111"),
    kind(&["PURSE", "WALLET", "CASE", "COVER", "BOX"], [150, 100, 40], 95, "420232"),
    kind(
        &["HOOK", "HANGER", "KNOB", "KEY", "RACK", "HOLDER", "STAND", "METAL", "ZINC", "ENAMEL"],
        [140, 90, 50],
        240,
        "732690",
    ),
    kind(&["WOOD", "BLOCK", "LETTER", "WORD"], [130, 100, 30], 170, "442190"),
    kind(&["HEART", "STAR", "FLOWER", "ROSE"], [110, 100, 25], 75, "950510"),
];

/// What no row fits.
pub(super) const OTHER: Kind = kind(&[], [130, 100, 45], 140, "392690");

/// Words of things that break easily.
pub(super) const FRAGILE: &[&str] = &[
    "GLASS",
    "MUG",
    "CERAMIC",
    "TEACUP",
    "SAUCER",
    "PORCELAIN",
    "CHINA",
    "CRYSTAL",
    "MIRROR",
    "LANTERN",
    "VASE",
    "JAR",
    "PLATE",
    "BOWL",
    "TEAPOT",
    "JUG",
];

/// Words of things that may be turned around in a box, not over.
pub(super) const UPRIGHT: &[&str] =
    &["CAKESTAND", "CAKE STAND", "LANTERN", "TEA SET", "DECANTER", "CHANDELIER", "SNOW GLOBE"];
/// Words of things that nothing may stand on.
pub(super) const BEARS_NOTHING: &[&str] =
    &["CAKESTAND", "CAKE STAND", "BAUBLE", "CHANDELIER", "SNOW GLOBE", "DECANTER"];
/// Words of things that half a kilogram may stand on.
pub(super) const BEARS_LITTLE: &[&str] = &["LANTERN", "TEA SET", "TEACUP", "CRYSTAL", "PARASOL"];

/// Words of things that are recorded unit by unit: each unit has a serial number.
pub(super) const SERIAL: &[&str] = &["CALCULATOR", "RADIO"];
/// Words of things whose lot is recorded.
pub(super) const LOT: &[&str] = &["SCENT", "PLASTERS"];
/// Words of things with a date.
pub(super) const EXPIRY: &[&str] = &["PLASTERS"];

/// Words that name a colour: names that differ in nothing else are variants of one thing.
pub(super) const COLOURS: &[&str] = &[
    "RED",
    "PINK",
    "BLUE",
    "GREEN",
    "WHITE",
    "BLACK",
    "IVORY",
    "CREAM",
    "ORANGE",
    "PURPLE",
    "YELLOW",
    "GREY",
    "SILVER",
    "GOLD",
    "BROWN",
    "TURQUOISE",
    "LILAC",
];

/// Countries things were made in.
pub(super) const ORIGINS: &[&str] = &["CN", "CN", "CN", "IN", "GB", "VN", "TR", "PT"];
