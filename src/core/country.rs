//! Countries by their two letters of ISO 3166-1. Names are words of the catalogue; no name and no rule of a country belongs here.

/// Every code that is assigned, in order (ISO/TC 46 N1108, 2023, as listed in the public domain `iso3166.tab` of the IANA time zone
/// database).
pub(in crate::core) const CODES: &str = "\
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY \
BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK \
FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR \
IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK \
ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM \
PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF \
TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Every code, in order.
pub fn codes() -> impl Iterator<Item = &'static str> {
    CODES.split(' ')
}

/// Whether this is the code of a country, in capital letters.
#[must_use]
pub fn is_code(text: &str) -> bool {
    code(text) == Some(text)
}

/// The code that is meant: in any case, and `GB` for `UK`, which ISO 3166-1 reserves for the same country. `None` for what is no code:
/// a name that is cut to two letters is another country.
#[must_use]
pub fn code(text: &str) -> Option<&'static str> {
    let wanted = text.trim();
    let wanted = if wanted.eq_ignore_ascii_case("UK") { "GB" } else { wanted };
    codes().find(|code| code.eq_ignore_ascii_case(wanted))
}

/// The code that is meant, or what was written where it is none, so that whoever wrote it is told of it.
#[must_use]
pub fn meant(text: &str) -> String {
    code(text).map_or_else(|| text.trim().to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_of_the_list_and_a_name_is_none() {
        assert_eq!(codes().count(), 249);
        assert!(codes().zip(codes().skip(1)).all(|(before, after)| before < after && after.len() == 2));
        assert_eq!(
            [code("de"), code(" GB "), code("UK"), code("uk")],
            [Some("DE"), Some("GB"), Some("GB"), Some("GB")]
        );
        for wrong in ["", "XX", "Germany", "D", "A T", "EU"] {
            assert_eq!(code(wrong), None, "{wrong}");
        }
        assert_eq!((meant("uk"), meant(" Germany")), ("GB".to_owned(), "Germany".to_owned()));
        assert!(is_code("FR") && !is_code("fr") && !is_code("UK"));
    }
}
