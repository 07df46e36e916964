//! Codes as they stand on goods, for measuring.

/// Element strings with their symbology identifiers.
pub const SCANNED: &[&str] = &[
    "]d20109506000134352",
    "]d201095060001343521726123110AB-12\u{1d}21S/7",
    "]C100376104250021234569",
    "]C1020950600013435237000024\u{1d}10LOT77\u{1d}00376104250021234569",
    "]e001095060001343523103001250392253995",
    "]d2010950600013435217270200100300125\u{1d}21ABCDEF123456",
];

/// Digital Links.
pub const LINKS: &[&str] = &[
    "https://id.gs1.org/01/09506000134352",
    "https://id.gs1.org/01/09506000134352/10/AB-12/21/S%2F7?17=261231",
    "https://example.com/shop/01/09506000134352?17=270200&3103=001250",
    "https://id.gs1.org/00/376104250021234569",
    "http://x.example/p/01/09506000134352/22/2A/10/LOT%3D7?15=261231&linkType=gs1:pip",
];
