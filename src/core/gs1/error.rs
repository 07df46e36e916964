//! What can be wrong with a GS1 code, as one closed list, and where. Every error names the place in the text that was
//! given and the rule that was broken; nothing here is ever built from more than the text itself.

use super::table::{Ai, Charset};

/// Why a text is no valid GS1 code: the rule, and where in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at {at}: {}{rule}", OfAi(*ai))]
pub struct Gs1Error {
    /// First byte of what is wrong, counted from 0 in the text that was given.
    pub at: usize,
    /// How many bytes are wrong; 0 where something is missing.
    pub len: usize,
    /// The application identifier whose value it is, where there is one.
    pub ai: Option<Ai>,
    /// The rule.
    pub rule: Rule,
}

/// `(10) ` or nothing.
struct OfAi(Option<Ai>);

impl std::fmt::Display for OfAi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(ai) => write!(f, "({ai}) "),
            None => Ok(()),
        }
    }
}

/// A rule of the General Specifications, of the syntax dictionary or of GS1 Digital Link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Rule {
    /// Nothing there.
    #[error("there is no data")]
    Empty,
    /// Longer than any code.
    #[error("the data is longer than {max} bytes")]
    DataTooLong {
        /// Longest, in bytes.
        max: usize,
    },
    /// No such application identifier.
    #[error("no known application identifier")]
    UnknownAi,
    /// More elements than a code may have.
    #[error("more than {max} elements")]
    TooManyAis {
        /// Most elements.
        max: usize,
    },
    /// Brackets that do not fit: `(01)…(10)…` is the form.
    #[error("brackets do not enclose an application identifier with a value after it")]
    Brackets,
    /// An application identifier without a value.
    #[error("the value is missing")]
    ValueMissing,
    /// Shorter than the identifier's value is.
    #[error("the value is too short")]
    ValueTooShort,
    /// Longer than the identifier's value is, or a separator is missing after it.
    #[error("the value is too long, or a separator is missing after it")]
    ValueTooLong,
    /// A part of a value ends too early.
    #[error("the value has the wrong length")]
    WrongLength,
    /// A character that stands for the separator inside a value.
    #[error("a character that means FNC1 cannot be part of a value")]
    SeparatorInValue,
    /// A character that this value may not have.
    #[error("a character that is not {0}")]
    Character(Charset),
    /// Base64url padded to the wrong length.
    #[error("wrong padding of base64url")]
    Padding,
    /// The last digit does not fit the ones before.
    #[error("wrong check digit")]
    CheckDigit,
    /// The last two characters do not fit the ones before.
    #[error("wrong check character pair")]
    CheckPair,
    /// Too short to end with a check character pair.
    #[error("too short for a check character pair")]
    CheckPairMissing,
    /// Too short to begin with a company prefix.
    #[error("too short for a GS1 company prefix")]
    PrefixTooShort,
    /// A company prefix begins with four digits.
    #[error("no GS1 company prefix: it begins with four digits")]
    CompanyPrefix,
    /// An importer index is one of 64 characters.
    #[error("no importer index")]
    ImporterIndex,
    /// Must not be zero.
    #[error("must not be zero")]
    Zero,
    /// Must be zero.
    #[error("must be zero")]
    NotZero,
    /// Must not begin with zero.
    #[error("must not begin with zero")]
    ZeroPrefix,
    /// 0 or 1.
    #[error("must be 0 or 1")]
    YesNo,
    /// 0, 1 or 9.
    #[error("winding must be 0, 1 or 9")]
    Winding,
    /// ISO 3166 number.
    #[error("no country number of ISO 3166")]
    Country,
    /// ISO 3166 number, or 999.
    #[error("no country number of ISO 3166, and not 999")]
    CountryOr999,
    /// ISO 3166 letters.
    #[error("no two-letter country code of ISO 3166")]
    CountryLetters,
    /// ISO 4217 number.
    #[error("no currency number of ISO 4217")]
    Currency,
    /// ISO 5218.
    #[error("must be 0, 1, 2 or 9 (ISO/IEC 5218)")]
    Sex,
    /// IBAN shorter than 11 characters.
    #[error("too short for an IBAN")]
    IbanTooShort,
    /// Digits and capital letters only.
    #[error("a character that no IBAN has")]
    IbanCharacter,
    /// An IBAN begins with a country.
    #[error("an IBAN begins with a country of ISO 3166")]
    IbanCountry,
    /// The third and fourth character.
    #[error("the check digits of the IBAN are wrong")]
    IbanCheck,
    /// 01 to 12.
    #[error("no such month")]
    Month,
    /// A day of its month; 00 only where the rule says so.
    #[error("no such day in that month")]
    Day,
    /// 00 to 23.
    #[error("no such hour")]
    Hour,
    /// 00 to 59.
    #[error("no such minute")]
    Minute,
    /// 00 to 59.
    #[error("no such second")]
    Second,
    /// Pieces are counted from 1.
    #[error("piece number or total is zero")]
    PieceZero,
    /// Piece 3 of 2.
    #[error("the piece number is above the total")]
    PieceAboveTotal,
    /// `%` and two hexadecimal digits.
    #[error("a percent sign needs two hexadecimal digits after it")]
    Percent,
    /// A North American coupon; the text says which part.
    #[error("coupon: {0}")]
    Coupon(&'static str),
    /// 0000000000 to 1800000000.
    #[error("latitude above 1800000000")]
    Latitude,
    /// 0000000000 to 3600000000.
    #[error("longitude above 3600000000")]
    Longitude,
    /// ICCBBA list of media.
    #[error("no AIDC media type")]
    MediaType,
    /// Only `-`.
    #[error("only hyphens may stand here")]
    Hyphen,
    /// `2/3`.
    #[error("not of the form position/end")]
    Sequence,
    /// `3/2`.
    #[error("the position is above the end")]
    SequenceAboveEnd,
    /// Not only digits.
    #[error("needs a character that is no digit")]
    OnlyDigits,
    /// UN/CEFACT list of packages.
    #[error("no package type")]
    PackageType,
    /// Two identifiers that exclude each other.
    #[error("cannot stand beside ({other})")]
    Pair {
        /// The other one.
        other: Ai,
    },
    /// An identifier that needs others beside it.
    #[error("needs another identifier beside it: {}", super::table::required_text(*.of))]
    Required {
        /// The identifier that needs them.
        of: Ai,
    },
    /// Said twice, differently.
    #[error("stands twice with different values")]
    Repeated,
    /// 253, 255 and 8003 need their serial part beside a digital signature.
    #[error("needs its serial part beside (8030)")]
    SerialForSignature,
    /// Characters that no URI has.
    #[error("a character that a URI cannot have")]
    UriCharacter,
    /// `http://` or `https://`.
    #[error("a Digital Link begins with http:// or https://")]
    UriScheme,
    /// Characters that no domain has.
    #[error("a character that a domain cannot have")]
    UriDomain,
    /// Nothing after the domain.
    #[error("a Digital Link needs a domain and a path")]
    UriPath,
    /// No identification key in the path.
    #[error("no GS1 key in the path, such as /01/09506000134352")]
    UriNoKey,
    /// `%00`.
    #[error("a null character")]
    UriNull,
    /// Qualifiers that do not belong to the key, or in the wrong order.
    #[error("the identifiers of the path are not a key with its qualifiers in their order")]
    UriSequence,
    /// The same identifier twice.
    #[error("the identifier stands twice")]
    UriDuplicate,
    /// An identifier that may not be a query parameter.
    #[error("may not stand in a Digital Link's query")]
    UriNoAttribute,
    /// A qualifier of the key in the query.
    #[error("belongs into the path of the Digital Link")]
    UriBelongsInPath,
    /// No `]` with two characters.
    #[error("no symbology identifier, such as ]C1")]
    NoSymbology,
    /// A symbology that carries no GS1 data.
    #[error("no symbology that carries GS1 data")]
    Symbology,
    /// Not as many digits as the symbol holds.
    #[error("the symbol holds {digits} digits")]
    PrimaryDigits {
        /// How many.
        digits: usize,
    },
}

impl Rule {
    /// A short name that programs can compare: `check-digit`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Rule::Empty => "empty",
            Rule::DataTooLong { .. } => "data-too-long",
            Rule::UnknownAi => "unknown-ai",
            Rule::TooManyAis { .. } => "too-many-ais",
            Rule::Brackets => "brackets",
            Rule::ValueMissing => "value-missing",
            Rule::ValueTooShort => "value-too-short",
            Rule::ValueTooLong => "value-too-long",
            Rule::WrongLength => "wrong-length",
            Rule::SeparatorInValue => "separator-in-value",
            Rule::Character(_) => "character",
            Rule::Padding => "padding",
            Rule::CheckDigit => "check-digit",
            Rule::CheckPair => "check-pair",
            Rule::CheckPairMissing => "check-pair-missing",
            Rule::PrefixTooShort => "prefix-too-short",
            Rule::CompanyPrefix => "company-prefix",
            Rule::ImporterIndex => "importer-index",
            Rule::Zero => "zero",
            Rule::NotZero => "not-zero",
            Rule::ZeroPrefix => "zero-prefix",
            Rule::YesNo => "yes-no",
            Rule::Winding => "winding",
            Rule::Country => "country",
            Rule::CountryOr999 => "country-or-999",
            Rule::CountryLetters => "country-letters",
            Rule::Currency => "currency",
            Rule::Sex => "sex",
            Rule::IbanTooShort => "iban-too-short",
            Rule::IbanCharacter => "iban-character",
            Rule::IbanCountry => "iban-country",
            Rule::IbanCheck => "iban-check",
            Rule::Month => "month",
            Rule::Day => "day",
            Rule::Hour => "hour",
            Rule::Minute => "minute",
            Rule::Second => "second",
            Rule::PieceZero => "piece-zero",
            Rule::PieceAboveTotal => "piece-above-total",
            Rule::Percent => "percent",
            Rule::Coupon(_) => "coupon",
            Rule::Latitude => "latitude",
            Rule::Longitude => "longitude",
            Rule::MediaType => "media-type",
            Rule::Hyphen => "hyphen",
            Rule::Sequence => "sequence",
            Rule::SequenceAboveEnd => "sequence-above-end",
            Rule::OnlyDigits => "only-digits",
            Rule::PackageType => "package-type",
            Rule::Pair { .. } => "pair",
            Rule::Required { .. } => "required",
            Rule::Repeated => "repeated",
            Rule::SerialForSignature => "serial-for-signature",
            Rule::UriCharacter => "uri-character",
            Rule::UriScheme => "uri-scheme",
            Rule::UriDomain => "uri-domain",
            Rule::UriPath => "uri-path",
            Rule::UriNoKey => "uri-no-key",
            Rule::UriNull => "uri-null",
            Rule::UriSequence => "uri-sequence",
            Rule::UriDuplicate => "uri-duplicate",
            Rule::UriNoAttribute => "uri-no-attribute",
            Rule::UriBelongsInPath => "uri-belongs-in-path",
            Rule::NoSymbology => "no-symbology",
            Rule::Symbology => "symbology",
            Rule::PrimaryDigits { .. } => "primary-digits",
        }
    }
}
