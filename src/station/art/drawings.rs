//! The drawings themselves: path data on a 200-unit grid. Data without behaviour.

use super::Fill::{self, Fixed, None as Bare, Own, Stripe};

/// A drawing that stands for a kind of product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Picture {
    /// Hanging heart with a candle.
    HeartLight,
    /// Glass star with a candle.
    StarLight,
    /// Hot water bottle with a flag.
    FlagBottle,
    /// Hot water bottle.
    HotWaterBottle,
    /// Nesting doll.
    Babushka,
    /// Lantern.
    Lantern,
    /// Coat hanger.
    Hanger,
    /// Bird.
    Bird,
    /// Cake stand.
    CakeStand,
    /// Cake.
    Cake,
    /// Umbrella.
    Umbrella,
    /// Candle.
    Candle,
    /// Bell.
    Bell,
    /// Clock.
    Clock,
    /// Mug.
    Mug,
    /// Teapot.
    Teapot,
    /// Bag.
    Bag,
    /// Bunting.
    Bunting,
    /// Jar.
    Jar,
    /// Picture frame.
    Frame,
    /// Bowl.
    Bowl,
    /// Cushion.
    Cushion,
    /// Lamp.
    Lamp,
    /// Flower.
    Flower,
    /// Tree.
    Tree,
    /// Sign.
    Sign,
    /// Letter block.
    Letter,
    /// Cutlery.
    Cutlery,
    /// Pen.
    Pen,
    /// Book.
    Book,
    /// Card.
    Card,
    /// Sheets of paper.
    Sheets,
    /// Hand warmer.
    Warmer,
    /// Toy.
    Toy,
    /// Necklace.
    Jewel,
    /// Balloon.
    Balloon,
    /// Drawers.
    Drawer,
    /// Star.
    Star,
    /// Heart.
    Heart,
    /// Box.
    Carton,
}

/// One path of a drawing and its colour.
type Path = (&'static str, Fill);

impl Picture {
    /// Every drawing.
    pub const ALL: [Self; 40] = [
        Self::HeartLight,
        Self::StarLight,
        Self::FlagBottle,
        Self::HotWaterBottle,
        Self::Babushka,
        Self::Lantern,
        Self::Hanger,
        Self::Bird,
        Self::CakeStand,
        Self::Cake,
        Self::Umbrella,
        Self::Candle,
        Self::Bell,
        Self::Clock,
        Self::Mug,
        Self::Teapot,
        Self::Bag,
        Self::Bunting,
        Self::Jar,
        Self::Frame,
        Self::Bowl,
        Self::Cushion,
        Self::Lamp,
        Self::Flower,
        Self::Tree,
        Self::Sign,
        Self::Letter,
        Self::Cutlery,
        Self::Pen,
        Self::Book,
        Self::Card,
        Self::Sheets,
        Self::Warmer,
        Self::Toy,
        Self::Jewel,
        Self::Balloon,
        Self::Drawer,
        Self::Star,
        Self::Heart,
        Self::Carton,
    ];

    /// The drawing's own colour where the name tells none, `0xRRGGBB`.
    pub(super) const fn own(self) -> u32 {
        match self {
            Self::HeartLight | Self::Lantern | Self::Clock | Self::Mug | Self::Bowl | Self::Card => 0x00FF_FFFF,
            Self::StarLight | Self::Star => 0x00DD_E9EC,
            Self::FlagBottle => 0x0024_407E,
            Self::HotWaterBottle => 0x00B9_291C,
            Self::Babushka => 0x00C8_473A,
            Self::Hanger | Self::Cushion | Self::Sign | Self::Letter => 0x00F1_E2C0,
            Self::Bird | Self::Teapot | Self::Book => 0x005C_9BB5,
            Self::CakeStand | Self::Cake | Self::Flower | Self::Sheets => 0x00F2_B8C6,
            Self::Umbrella | Self::Bag | Self::Bunting | Self::Warmer | Self::Balloon | Self::Heart => 0x00C8_321E,
            Self::Candle => 0x00F6_F0DE,
            Self::Bell | Self::Jewel => 0x00DD_B45A,
            Self::Jar => 0x00DD_E6EA,
            Self::Frame | Self::Drawer => 0x009A_6B43,
            Self::Lamp | Self::Pen | Self::Toy => 0x00F4_D35E,
            Self::Tree => 0x007F_A86B,
            Self::Cutlery => 0x00D3_D7DB,
            Self::Carton => 0x00CD_A872,
        }
    }

    /// The paths, painted in order.
    pub(super) const fn parts(self) -> &'static [Path] {
        match self {
            Self::HeartLight => HEART_LIGHT,
            Self::StarLight => STAR_LIGHT,
            Self::FlagBottle => FLAG_BOTTLE,
            Self::HotWaterBottle => HOT_WATER_BOTTLE,
            Self::Babushka => BABUSHKA,
            Self::Lantern => LANTERN,
            Self::Hanger => HANGER,
            Self::Bird => BIRD,
            Self::CakeStand => CAKE_STAND,
            Self::Cake => CAKE,
            Self::Umbrella => UMBRELLA,
            Self::Candle => CANDLE,
            Self::Bell => BELL,
            Self::Clock => CLOCK,
            Self::Mug => MUG,
            Self::Teapot => TEAPOT,
            Self::Bag => BAG,
            Self::Bunting => BUNTING,
            Self::Jar => JAR,
            Self::Frame => FRAME,
            Self::Bowl => BOWL,
            Self::Cushion => CUSHION,
            Self::Lamp => LAMP,
            Self::Flower => FLOWER,
            Self::Tree => TREE,
            Self::Sign => SIGN,
            Self::Letter => LETTER,
            Self::Cutlery => CUTLERY,
            Self::Pen => PEN,
            Self::Book => BOOK,
            Self::Card => CARD,
            Self::Sheets => SHEETS,
            Self::Warmer => WARMER,
            Self::Toy => TOY,
            Self::Jewel => JEWEL,
            Self::Balloon => BALLOON,
            Self::Drawer => DRAWER,
            Self::Star => STAR,
            Self::Heart => HEART,
            Self::Carton => CARTON,
        }
    }
}

const HEART_LIGHT: &[Path] = &[
    ("M100 16V66", Bare),
    ("M100 4a6 6 0 1 0 0 12a6 6 0 1 0 0 -12z", Bare),
    (
        "M100 188C27.8 131 24 100.6 24 85.4C24 51.2 73.4 36 100 74C126.6 36 176 51.2 176 85.4C176 100.6 172.2 131 100 188z",
        Own,
    ),
    (
        "M100 162C52.5 124.5 50 104.5 50 94.5C50 72 82.5 62 100 87C117.5 62 150 72 150 94.5C150 104.5 147.5 124.5 100 162z",
        Fixed(0x00F3_F0EA),
    ),
    ("M84 128h32v20H84z", Fixed(0x00E9_E4D8)),
    ("M100 128v-10", Bare),
    ("M100 118c-7-8-3-14 0-20c3 6 7 12 0 20z", Fixed(0x00F4_B322)),
];

const STAR_LIGHT: &[Path] = &[
    ("M100 24L122.3 73.3L176.1 79.3L136.1 115.7L147 168.7L100 142L53 168.7L63.9 115.7L23.9 79.3L77.7 73.3z", Own),
    ("M84 112h32v22H84z", Fixed(0x00FF_FFFF)),
    ("M100 112c-7-8-3-14 0-21c3 7 7 13 0 21z", Fixed(0x00F4_B322)),
];

const FLAG_BOTTLE: &[Path] = &[
    ("M82 12h36v34H82z", Fixed(0x007B_2A2A)),
    ("M68 44H132A28 28 0 0 1 160 72V160A28 28 0 0 1 132 188H68A28 28 0 0 1 40 160V72A28 28 0 0 1 68 44z", Own),
    ("M56 60L144 172M144 60L56 172", Stripe(0x00FF_FFFF, 16)),
    ("M56 60L144 172M144 60L56 172", Stripe(0x00B9_291C, 6)),
    ("M100 60v112M57 116h86", Stripe(0x00FF_FFFF, 30)),
    ("M100 54v124M50 116h100", Stripe(0x00B9_291C, 16)),
    ("M68 44H132A28 28 0 0 1 160 72V160A28 28 0 0 1 132 188H68A28 28 0 0 1 40 160V72A28 28 0 0 1 68 44z", Bare),
];

const HOT_WATER_BOTTLE: &[Path] = &[
    ("M80 12h40v34H80z", Fixed(0x00ED_E7DC)),
    ("M72 44H128A34 34 0 0 1 162 78V154A34 34 0 0 1 128 188H72A34 34 0 0 1 38 154V78A34 34 0 0 1 72 44z", Own),
    (
        "M100 166C58.2 133 56 115.3 56 106.6C56 86.8 84.6 78 100 100C115.4 78 144 86.8 144 106.6C144 115.3 141.8 133 100 166z",
        Fixed(0x00FF_FFFF),
    ),
];

const BABUSHKA: &[Path] = &[
    ("M74 34a26 26 0 0 1 52 0c0 14 34 40 34 84s-20 72-60 72-60-28-60-72S74 48 74 34z", Own),
    ("M100 27a19 19 0 1 0 0 38a19 19 0 1 0 0 -38z", Fixed(0x00F6_DEC0)),
    ("M100 88c24 0 38 22 38 46s-14 40-38 40-38-16-38-40 14-46 38-46z", Fixed(0x00F3_E9D6)),
    (
        "M100 150C82.9 136.5 82 129.3 82 125.7C82 117.6 93.7 114 100 123C106.3 114 118 117.6 118 125.7C118 129.3 117.1 136.5 100 150z",
        Fixed(0x002F_6B8F),
    ),
];

const LANTERN: &[Path] = &[
    ("M78 26a22 22 0 0 1 44 0", Bare),
    ("M100 22L152 66H48z", Own),
    ("M56 66h88v104H56z", Own),
    ("M72 82h56v72H72z", Fixed(0x00DD_E6EA)),
    ("M46 170h108v16H46z", Own),
    ("M90 122h20v32H90z", Fixed(0x00FF_FFFF)),
    ("M100 122c-7-8-3-14 0-20c3 6 7 12 0 20z", Fixed(0x00F4_B322)),
];

const HANGER: &[Path] = &[
    ("M100 62V48c0-8 14-8 14-20a14 14 0 0 0-28 0", Bare),
    ("M100 60L182 112c6 4 4 12-4 12H22c-8 0-10-8-4-12z", Own),
    (
        "M60 174C39.1 157.5 38 148.7 38 144.3C38 134.4 52.3 130 60 141C67.7 130 82 134.4 82 144.3C82 148.7 80.9 157.5 60 174z",
        Fixed(0x00FB_F6EA),
    ),
    (
        "M100 180C79.1 163.5 78 154.7 78 150.3C78 140.4 92.3 136 100 147C107.7 136 122 140.4 122 150.3C122 154.7 120.9 163.5 100 180z",
        Fixed(0x00FB_F6EA),
    ),
    (
        "M140 174C119.1 157.5 118 148.7 118 144.3C118 134.4 132.3 130 140 141C147.7 130 162 134.4 162 144.3C162 148.7 160.9 157.5 140 174z",
        Fixed(0x00FB_F6EA),
    ),
];

const BIRD: &[Path] = &[
    ("M30 108c0-40 40-62 80-48 10-22 44-22 50 4l26 10-26 10c2 50-36 76-74 66L40 176l12-38c-14-8-22-18-22-30z", Own),
    ("M140 62a4 4 0 1 0 0 8a4 4 0 1 0 0 -8z", Fixed(0x003A_362E)),
    ("M64 104c20-16 44-10 56 6-12 24-44 26-56-6z", Fixed(0x00F3_E9D6)),
];

const CAKE_STAND: &[Path] = &[
    ("M60 70c0-40 80-40 80 0z", Fixed(0x00F3_E9D6)),
    ("M100 27a7 7 0 1 0 0 14a7 7 0 1 0 0 -14z", Fixed(0x00B9_291C)),
    ("M40 70h120v20H40z", Own),
    ("M94 90h12v74H94z", Own),
    ("M62 164h76v16H62z", Own),
];

const CAKE: &[Path] = &[
    ("M40 104h120v68H40z", Fixed(0x00F1_E2C0)),
    (
        "M40 104c0-30 120-30 120 0c0 18-20 18-20 4c0 14-20 14-20 0c0 16-20 16-20 0c0 14-20 14-20 0c0 14-20 14-20-2c0 12-20 12-20-2z",
        Own,
    ),
    ("M28 172h144v14H28z", Fixed(0x00FF_FFFF)),
    ("M100 80V56", Bare),
    ("M100 54c-7-8-3-14 0-20c3 6 7 12 0 20z", Fixed(0x00F4_B322)),
];

const UMBRELLA: &[Path] = &[
    ("M100 32V18", Bare),
    ("M20 112a80 80 0 0 1 160 0c-14-16-38-16-53 0c-14-16-40-16-54 0c-15-16-39-16-53 0z", Own),
    ("M100 100v62c0 24-32 24-32 2", Bare),
];

const CANDLE: &[Path] = &[
    ("M74 84h52v76H74z", Own),
    ("M100 84V68", Bare),
    ("M100 66c-12-14-5-26 0-38c5 12 12 24 0 38z", Fixed(0x00F4_B322)),
    ("M40 160h120v20H40z", Fixed(0x00D3_D7DB)),
];

const BELL: &[Path] = &[
    ("M100 22v14", Bare),
    ("M84 152a16 16 0 0 0 32 0z", Fixed(0x009A_6B43)),
    ("M40 148c18-14 18-38 20-62c2-64 78-64 80 0c2 24 2 48 20 62z", Own),
];

const CLOCK: &[Path] = &[
    ("M54 30L30 54M146 30L170 54", Bare),
    ("M48 182L62 166M152 182L138 166", Bare),
    ("M100 34a74 74 0 1 0 0 148a74 74 0 1 0 0 -148z", Own),
    ("M100 62v46l30 20", Bare),
];

const MUG: &[Path] = &[
    ("M132 80h24a24 26 0 0 1 0 52h-24v-16h22a10 10 0 0 0 0-20h-22z", Own),
    ("M44 56h92v88a22 22 0 0 1-22 22H66a22 22 0 0 1-22-22z", Own),
    (
        "M90 138C63.4 118.5 62 108 62 102.9C62 91.2 80.2 86 90 99C99.8 86 118 91.2 118 102.9C118 108 116.6 118.5 90 138z",
        Fixed(0x00C8_321E),
    ),
];

const TEAPOT: &[Path] = &[
    ("M146 88c34-4 34 54-10 56l2-18c22 0 24-24 8-22z", Own),
    ("M62 104L24 82L16 92L58 148z", Own),
    ("M100 68c44 0 52 30 52 52c0 30-22 48-52 48s-52-18-52-48c0-22 8-52 52-52z", Own),
    ("M70 72c0-22 60-22 60 0z", Fixed(0x00FF_FFFF)),
    ("M100 40a8 8 0 1 0 0 16a8 8 0 1 0 0 -16z", Fixed(0x00C8_321E)),
];

const BAG: &[Path] = &[
    ("M68 70V56a32 32 0 0 1 64 0v14", Bare),
    ("M40 70h120l12 112H28z", Own),
    ("M72 95a9 9 0 1 0 0 18a9 9 0 1 0 0 -18z", Fixed(0x00FF_FFFF)),
    ("M128 95a9 9 0 1 0 0 18a9 9 0 1 0 0 -18z", Fixed(0x00FF_FFFF)),
    ("M100 129a9 9 0 1 0 0 18a9 9 0 1 0 0 -18z", Fixed(0x00FF_FFFF)),
];

const BUNTING: &[Path] = &[
    ("M14 50c50 30 122 30 172 0", Bare),
    ("M26 58l40 14-30 46z", Own),
    ("M78 75h44l-22 54z", Fixed(0x005C_9BB5)),
    ("M134 72l40-14-10 60z", Fixed(0x00F4_D35E)),
];

const JAR: &[Path] = &[
    ("M68 24h64v22H68z", Fixed(0x009A_6B43)),
    ("M64 46h72c0 20 24 20 24 44v72a22 22 0 0 1-22 22H62a22 22 0 0 1-22-22V90c0-24 24-24 24-44z", Own),
    ("M62 104h76v44H62z", Fixed(0x00FF_FFFF)),
];

const FRAME: &[Path] = &[
    ("M24 36h152v132H24z", Own),
    ("M46 58h108v88H46z", Fixed(0x00DD_E6EA)),
    ("M46 146l34-46 24 28 16-18 34 36z", Fixed(0x007F_A86B)),
    ("M130 73a9 9 0 1 0 0 18a9 9 0 1 0 0 -18z", Fixed(0x00F4_B322)),
];

const BOWL: &[Path] =
    &[("M70 162h60v16H70z", Own), ("M20 84h160c0 50-34 78-80 78S20 134 20 84z", Own), ("M36 106h128", Bare)];

const CUSHION: &[Path] = &[
    ("M30 40c40 16 100 16 140 0c-14 40-14 80 0 122c-40-16-100-16-140 0c14-42 14-82 0-122z", Own),
    (
        "M100 134C65.8 110.8 64 98.3 64 92.2C64 78.2 87.4 72 100 87.5C112.6 72 136 78.2 136 92.2C136 98.3 134.2 110.8 100 134z",
        Fixed(0x00C8_321E),
    ),
];

const LAMP: &[Path] = &[
    ("M96 106h8v60h-8z", Fixed(0x009A_6B43)),
    ("M68 28h64l32 78H36z", Own),
    ("M62 166h76v16H62z", Fixed(0x009A_6B43)),
];

const FLOWER: &[Path] = &[
    ("M100 110v76", Bare),
    ("M100 160c-34 4-44-20-44-20c24-8 40 0 44 20z", Fixed(0x007F_A86B)),
    ("M100 16a22 22 0 1 0 0 44a22 22 0 1 0 0 -44z", Own),
    ("M66 40a22 22 0 1 0 0 44a22 22 0 1 0 0 -44z", Own),
    ("M134 40a22 22 0 1 0 0 44a22 22 0 1 0 0 -44z", Own),
    ("M78 78a22 22 0 1 0 0 44a22 22 0 1 0 0 -44z", Own),
    ("M122 78a22 22 0 1 0 0 44a22 22 0 1 0 0 -44z", Own),
    ("M100 58a16 16 0 1 0 0 32a16 16 0 1 0 0 -32z", Fixed(0x00F4_D35E)),
];

const TREE: &[Path] =
    &[("M90 150h20v36H90z", Fixed(0x009A_6B43)), ("M100 14l40 56h-18l36 46h-20l34 38H28l34-38H42l36-46H60z", Own)];

const SIGN: &[Path] = &[("M60 70L100 22L140 70", Bare), ("M20 70h160v92H20z", Own), ("M46 100h108M46 130h72", Bare)];

const LETTER: &[Path] = &[
    ("M36 60L64 34H168V136L140 164z", Fixed(0x00CD_A872)),
    ("M36 60h104v104H36z", Own),
    ("M140 60l28-26", Bare),
    ("M66 142l22-60 22 60M74 122h28", Bare),
];

const CUTLERY: &[Path] = &[
    ("M64 20c24 0 26 60 8 68v96H56V88c-18-8-16-68 8-68z", Own),
    ("M118 20v54c0 16 8 18 12 20v90h14V94c4-2 12-4 12-20V20h-10v46h-8V20h-8v46h-4V20z", Own),
];

const PEN: &[Path] = &[("M142 24l34 34-106 106-46 12 12-46z", Own), ("M36 130l34 34", Bare), ("M122 44l34 34", Bare)];

const BOOK: &[Path] = &[
    ("M44 150V176H156V146H60z", Fixed(0x00FF_FFFF)),
    ("M44 24h112v122H60c-10 0-16 6-16 14z", Own),
    ("M72 60h56M72 84h36", Bare),
];

const CARD: &[Path] = &[
    ("M24 48h152v104H24z", Own),
    ("M24 48l76 60 76-60", Bare),
    (
        "M150 144C135.8 132 135 125.6 135 122.4C135 115.2 144.8 112 150 120C155.2 112 165 115.2 165 122.4C165 125.6 164.2 132 150 144z",
        Fixed(0x00C8_321E),
    ),
];

const SHEETS: &[Path] = &[
    ("M60 24h112v130H60z", Fixed(0x00FF_FFFF)),
    ("M44 36h112v130H44z", Fixed(0x00F6_F0DE)),
    ("M28 48h112v130H28z", Own),
    ("M50 84h68M50 112h68M50 140h40", Bare),
];

const WARMER: &[Path] = &[
    ("M60 150V92c0-50 62-70 84-40c12 16 6 34 6 50c12-14 34-10 30 10c-4 20-22 26-36 34v4z", Own),
    ("M52 150h100v30H52z", Fixed(0x00FF_FFFF)),
];

const TOY: &[Path] = &[
    ("M44 120c0-20 14-30 30-26c-8-40 10-66 38-66s42 26 36 54l28 6-26 16c14 34-4 70-46 70H94c-34 0-50-22-50-54z", Own),
    ("M118 55a5 5 0 1 0 0 10a5 5 0 1 0 0 -10z", Fixed(0x003A_362E)),
    ("M84 120c18-12 40-6 44 12c-14 16-40 12-44-12z", Fixed(0x00FF_FFFF)),
];

const JEWEL: &[Path] =
    &[("M30 30c10 70 40 96 70 96s60-26 70-96", Bare), ("M100 118l30 30-30 34-30-34z", Own), ("M70 148h60", Bare)];

const BALLOON: &[Path] = &[
    ("M100 20c40 0 62 30 62 62c0 36-34 62-62 66c-28-4-62-30-62-66c0-32 22-62 62-62z", Own),
    ("M100 148c-8 16 10 22 0 40", Bare),
];

const DRAWER: &[Path] = &[
    ("M44 170v14M156 170v14", Bare),
    ("M30 30h140v140H30z", Own),
    ("M30 100h140", Bare),
    ("M100 58a7 7 0 1 0 0 14a7 7 0 1 0 0 -14z", Fixed(0x00DD_B45A)),
    ("M100 128a7 7 0 1 0 0 14a7 7 0 1 0 0 -14z", Fixed(0x00DD_B45A)),
];

const STAR: &[Path] =
    &[("M100 20L123.5 71.6L180 78L138 116L149.4 171.6L100 143.6L50.6 171.6L62 116L20 78L76.5 71.6z", Own)];

const HEART: &[Path] = &[(
    "M100 188C27.8 131 24 100.4 24 85.4C24 51.2 73.4 36 100 74C126.6 36 176 51.2 176 85.4C176 100.4 172.2 131 100 188z",
    Own,
)];

const CARTON: &[Path] = &[
    ("M30 74h140v104H30z", Own),
    ("M22 50h156v28H22z", Own),
    ("M92 50h16v128H92z", Fixed(0x00C8_321E)),
    ("M100 50c-40-2-44-34-24-34c16 0 24 34 24 34z", Fixed(0x00C8_321E)),
    ("M100 50c40-2 44-34 24-34c-16 0-24 34-24 34z", Fixed(0x00C8_321E)),
];
