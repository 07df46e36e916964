//! Codes of other people's print jobs: their sizes are those that are asked for, and what they hold is read again to the byte.

use super::preview_kit::{field_box, read, shown};
use rxing::BarcodeFormat;

#[test]
fn a_data_matrix_is_square_unless_asked_otherwise_and_has_the_columns_and_rows_asked_for() {
    let cases = [
        ("^BXN,6,200^FDQ7#k9ZpWx!", (16 * 6, 16 * 6), "Q7#k9ZpWx!"),
        ("^BXN,6,200,26,26^FD12345678901234567890", (26 * 6, 26 * 6), "12345678901234567890"),
        ("^BXN,6,200,36^FD12", (36 * 6, 36 * 6), "12"),
        ("^BXN,6,200,,,,,1^FD12345678901234567890", (16 * 6, 16 * 6), "12345678901234567890"),
        ("^BXN,6,200,,,,,2^FD12345678", (18 * 6, 8 * 6), "12345678"),
        ("^BXN,6,200,32,8^FD12345678", (32 * 6, 8 * 6), "12345678"),
        ("^BXR,6,200,32,8^FD12345678", (8 * 6, 32 * 6), "12345678"),
        ("^BXN,6,200,200,200^FD123456", (10 * 6, 10 * 6), "123456"),
        // Without the size of a module the height of `^BY` is shared among the rows.
        ("^BY2,3,145^BXN,,200^FD123456", (10 * 14, 10 * 14), "123456"),
        ("^BY2,3,145^BXN,0,200^FD123456", (10 * 14, 10 * 14), "123456"),
    ];
    for (code, (width, height), text) in cases {
        let field = format!("^FO60,60{code}");
        assert_eq!(field_box(&field), (60, 60, width, height), "{code}");
        assert_eq!(read(&format!("^XA^PW800^LL600{field}^FS^XZ"), BarcodeFormat::DATA_MATRIX), [text], "{code}");
    }
    for refused in ["^BXN,6,200,10,10^FD12345678901234567890", "^BXN,6,200,15,15^FD1", "^BXN,6,200^FDA_2123"] {
        let shown = shown(&format!("^XA^FO60,60{refused}^FS^XZ"));
        assert_eq!(shown.not_drawn, ["data of a barcode that cannot be encoded"], "{refused}");
    }
}

#[test]
fn control_characters_and_single_bytes_stay_in_codes() {
    let cases = [
        (r"^BXN,6,200^FH\^FDA\1DB", BarcodeFormat::DATA_MATRIX, r"A\x1dB"),
        ("^BXN,6,200,,,,#^FDA#d029B#J##", BarcodeFormat::DATA_MATRIX, r"A\x1dB\n#"),
        ("^BXN,6,200,,,,~\r\n^FH^FDA_7Ed029B_01", BarcodeFormat::DATA_MATRIX, r"A\x1dB\x01"),
        ("^BQN,2,5^FH_^FDQA,line1_0D_0Aline2", BarcodeFormat::QR_CODE, r"line1\r\nline2"),
        ("^BQN,2,5^FDHM,B0006https:more", BarcodeFormat::QR_CODE, "https:"),
        ("^BQN,2,5^FDLM,AA-1", BarcodeFormat::QR_CODE, "A-1"),
        ("^BY2^BCN,80,Y,N,N,A^FH^FDab_0Dcd", BarcodeFormat::CODE_128, r"ab\rcd"),
        ("^BY2^BCN,80,Y,N,N,D^FH^FD(21)a_09b", BarcodeFormat::CODE_128, r"21a\tb"),
    ];
    for (code, format, text) in cases {
        let job = format!("^XA^PW800^LL400^FO60,60{code}^FS^XZ");
        assert_eq!(read(&job, format), [text], "{code}");
        assert_eq!(shown(&job).not_drawn, Vec::<String>::new(), "{code}");
    }
    // Without its head a printer makes something else of the data of a QR code, and of the first model another symbol.
    let listed = |field: &str| shown(&format!("^XA^FO60,60{field}^FS^XZ")).not_drawn;
    assert_eq!(listed("^BQN,2,5^FDhttps://example.com/a,b"), ["data of a barcode that cannot be encoded"]);
    assert_eq!(listed("^BQN,1,5^FDQA,text"), ["^BQ"]);
    assert_eq!(listed("^BCN,80,Y,N,N^FH^FDab_0Dcd"), ["data of a barcode that cannot be encoded"]);
}
