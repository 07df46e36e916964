//! What can be brought in, and from which columns: the fields of each kind of list, the names that columns of other programs
//! have, and the first guess which column is which.

use crate::central::services::access::Permission;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// What a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Orders, a row each line.
    Orders,
    /// Products.
    Products,
    /// What kits are made of, a row each part.
    Kits,
    /// Customers.
    Customers,
    /// Units that came in.
    Stock,
}

impl Kind {
    /// All, in the order people are shown.
    pub const ALL: [Kind; 5] = [Kind::Orders, Kind::Products, Kind::Kits, Kind::Customers, Kind::Stock];

    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Orders => "orders",
            Kind::Products => "products",
            Kind::Kits => "kits",
            Kind::Customers => "customers",
            Kind::Stock => "stock",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What one must be allowed besides bringing files in.
    #[must_use]
    pub const fn permission(self) -> Permission {
        match self {
            Kind::Orders => Permission::OrderCreate,
            Kind::Products | Kind::Kits => Permission::ProductUpdate,
            Kind::Customers => Permission::PersonUpdate,
            Kind::Stock => Permission::StockAdjust,
        }
    }

    /// Its fields.
    #[must_use]
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Kind::Orders => ORDERS,
            Kind::Products => PRODUCTS,
            Kind::Kits => KITS,
            Kind::Customers => CUSTOMERS,
            Kind::Stock => STOCK,
        }
    }
}

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its stable word.
    pub word: &'static str,
    /// The key of its name.
    pub key: &'static str,
    /// Every row must have it.
    pub needed: bool,
    /// Further names that columns have, in small letters without blanks and signs.
    names: &'static [&'static str],
}

const fn need(word: &'static str, key: &'static str, names: &'static [&'static str]) -> Field {
    Field { word, key, needed: true, names }
}

const fn some(word: &'static str, key: &'static str, names: &'static [&'static str]) -> Field {
    Field { word, key, needed: false, names }
}

const SKU: &[&str] = &[
    "sku",
    "code",
    "productcode",
    "itemcode",
    "stockcode",
    "item",
    "article",
    "product",
    "artikel",
    "artikelnummer",
    "referencia",
    "codigo",
    "kod",
    "артикул",
    "код",
];
const QUANTITY: &[&str] = &["quantity", "qty", "units", "count", "menge", "cantidad", "kuantiti", "количество"];
const PRICE: &[&str] = &["price", "unitprice", "netprice", "preis", "precio", "harga", "цена"];
const TAX: &[&str] = &["tax", "taxrate", "vat", "vatrate", "mwst", "iva", "cukai", "ндс"];
const NAME: &[&str] =
    &["name", "description", "productname", "title", "bezeichnung", "nombre", "descripcion", "nama", "название"];
const PERSON: &[&str] = &["name", "customername", "fullname", "shipname", "recipient", "nombre", "nama", "имя"];
const COMPANY: &[&str] = &["company", "companyname", "firma", "empresa", "syarikat", "компания"];
const STREET: &[&str] = &[
    "street",
    "address",
    "address1",
    "addressline1",
    "shipaddress",
    "strasse",
    "direccion",
    "calle",
    "alamat",
    "адрес",
    "улица",
];
const STREET2: &[&str] = &["street2", "address2", "addressline2", "direccion2", "alamat2"];
const CITY: &[&str] = &["city", "town", "ort", "ciudad", "bandar", "город"];
const POSTCODE: &[&str] = &["postcode", "zip", "zipcode", "postalcode", "plz", "codigopostal", "poskod", "индекс"];
const REGION: &[&str] = &["region", "state", "province", "county", "provincia", "negeri", "область"];
const COUNTRY: &[&str] = &["country", "countrycode", "land", "pais", "negara", "страна"];
const PHONE: &[&str] = &["phone", "telephone", "mobile", "tel", "telefon", "telefono", "telefon", "телефон"];
const EMAIL: &[&str] = &["email", "mail", "emailaddress", "correo", "emel", "почта"];
const CUSTOMER: &[&str] = &["customer", "customerid", "customernumber", "customerno", "cliente", "pelanggan", "клиент"];

const ORDERS: &[Field] = &[
    need(
        "number",
        "column-order",
        &[
            "number",
            "order",
            "orderno",
            "ordernumber",
            "orderid",
            "invoiceno",
            "bestellung",
            "pedido",
            "pesanan",
            "заказ",
            "номер",
        ],
    ),
    need("sku", "sheet-sku", SKU),
    need("quantity", "sheet-quantity", QUANTITY),
    some("price", "sheet-price", PRICE),
    some("tax", "sheet-tax", TAX),
    some("customer", "orders-customer-no", CUSTOMER),
    some("name", "sheet-person", PERSON),
    some("company", "sheet-company", COMPANY),
    some("street", "sheet-street", STREET),
    some("street2", "sheet-street2", STREET2),
    some("city", "sheet-city", CITY),
    some("postcode", "sheet-postcode", POSTCODE),
    some("region", "sheet-region", REGION),
    some("country", "orders-country", COUNTRY),
    some("phone", "orders-phone", PHONE),
    some("email", "orders-email", EMAIL),
    some("ship_by", "column-ship-by", &["shipby", "due", "duedate", "shipdate", "fecha", "срок"]),
    some("carrier", "sheet-carrier", &["carrier", "transportista", "перевозчик"]),
    some("service", "column-shipping", &["service", "shipping", "shippingmethod", "envio", "доставка"]),
    some("note", "sheet-note", &["note", "notes", "comment", "nota", "примечание"]),
];

const PRODUCTS: &[Field] = &[
    need("sku", "sheet-sku", SKU),
    some("name", "sheet-name", NAME),
    some("price", "sheet-price", PRICE),
    some("tax", "sheet-tax", TAX),
    some("category", "sheet-category", &["category", "group", "kategorie", "categoria", "kategori", "категория"]),
    some("barcode", "sheet-barcode", &["barcode", "ean", "gtin", "upc", "codigodebarras", "штрихкод"]),
    some("weight_g", "sheet-weight", &["weightg", "weight", "grams", "gewicht", "peso", "berat", "вес"]),
    some("length_mm", "sheet-length", &["lengthmm", "length", "largo", "длина"]),
    some("width_mm", "sheet-width", &["widthmm", "width", "ancho", "ширина"]),
    some("height_mm", "sheet-height", &["heightmm", "height", "alto", "высота"]),
    some("this_side_up", "sheet-this-side-up", &["thissideup", "upright", "keepupright", "estelado", "верх"]),
    some("bears_g", "sheet-bears", &["bearsg", "bears", "maxloadontop", "toploadg", "soportag", "выдерживаетг"]),
    some("hs_code", "sheet-hs", &["hscode", "hs", "tariff", "tnved"]),
    some("origin", "sheet-origin", &["origin", "countryoforigin", "origen", "asal", "страна"]),
];

const KITS: &[Field] = &[
    need(
        "kit",
        "sheet-kit",
        &[
            "kit",
            "kitcode",
            "kitsku",
            "bundle",
            "set",
            "parent",
            "parentsku",
            "stueckliste",
            "juego",
            "conjunto",
            "комплект",
            "набор",
        ],
    ),
    need(
        "sku",
        "sheet-part",
        &[
            "part",
            "partcode",
            "partsku",
            "component",
            "componentsku",
            "child",
            "childsku",
            "sku",
            "code",
            "item",
            "teil",
            "pieza",
            "componente",
            "bahagian",
            "часть",
            "артикул",
        ],
    ),
    need("quantity", "sheet-quantity", QUANTITY),
];

const CUSTOMERS: &[Field] = &[
    some(
        "number",
        "orders-customer-no",
        &["number", "customer", "customerid", "customernumber", "customerno", "cliente", "клиент", "номер"],
    ),
    need("name", "sheet-person", PERSON),
    some("company", "sheet-company", COMPANY),
    need("street", "sheet-street", STREET),
    some("street2", "sheet-street2", STREET2),
    need("city", "sheet-city", CITY),
    some("postcode", "sheet-postcode", POSTCODE),
    some("region", "sheet-region", REGION),
    need("country", "orders-country", COUNTRY),
    some("phone", "orders-phone", PHONE),
    some("email", "orders-email", EMAIL),
    some("vip", "sheet-vip", &["vip", "priority"]),
];

const STOCK: &[Field] = &[
    need("sku", "sheet-sku", SKU),
    need(
        "location",
        "sheet-location",
        &["location", "bin", "shelf", "place", "lagerplatz", "ubicacion", "lokasi", "место", "ячейка"],
    ),
    need("quantity", "sheet-quantity", QUANTITY),
    some("lot", "sheet-lot", &["lot", "batch", "charge", "lote", "kelompok", "партия"]),
    some("expiry", "sheet-expiry", &["expiry", "expires", "bestbefore", "mhd", "caducidad", "luput", "годендо"]),
];

/// Which column each field comes from, by the column's place, and how numbers are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mapping {
    /// Field to column.
    pub columns: BTreeMap<String, usize>,
    /// A comma parts whole and fraction.
    pub comma: bool,
}

impl Mapping {
    /// The cell of a field; empty where there is none.
    #[must_use]
    pub fn cell<'a>(&self, cells: &'a [String], field: &str) -> &'a str {
        self.columns.get(field).and_then(|at| cells.get(*at)).map_or("", String::as_str)
    }

    /// The needed fields that no column is named for.
    pub fn missing(&self, kind: Kind) -> impl Iterator<Item = &'static Field> {
        kind.fields().iter().filter(|field| field.needed && !self.columns.contains_key(field.word))
    }
}

/// In small letters, without blanks, signs and accents.
fn normal(name: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    };
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).map(plain).collect()
}

/// A first guess: each column is the first field that has its name, and no field has two.
#[must_use]
pub fn guess(kind: Kind, head: &[String], comma: bool) -> Mapping {
    let mut mapping = Mapping { columns: BTreeMap::new(), comma };
    let heads: Vec<String> = head.iter().map(|name| normal(name)).collect();
    for field in kind.fields() {
        let by = |name: &str| heads.iter().position(|head| head == name);
        let own = std::iter::once(normal(field.word)).chain(field.names.iter().map(|name| (*name).to_owned()));
        let found = own.filter_map(|name| by(&name)).find(|at| !mapping.columns.values().any(|taken| taken == at));
        if let Some(at) = found {
            mapping.columns.insert(field.word.to_owned(), at);
        }
    }
    mapping
}

/// What a head is remembered by: files of one program have one head.
#[must_use]
pub fn mark(head: &[String]) -> String {
    let mut hash = Sha256::new();
    for name in head {
        hash.update(normal(name).as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn columns_of_other_programs_are_known_by_their_names() {
        let names = head(&["InvoiceNo", "StockCode", "Description", "Quantity", "UnitPrice", "Customer ID", "Country"]);
        let mapping = guess(Kind::Orders, &names, false);
        let at = |field: &str| mapping.columns.get(field).copied();
        assert_eq!((at("number"), at("sku"), at("quantity"), at("price")), (Some(0), Some(1), Some(3), Some(4)));
        assert_eq!((at("customer"), at("country"), at("city")), (Some(5), Some(6), None));
        assert_eq!(mapping.missing(Kind::Orders).count(), 0);
        let russian = guess(Kind::Stock, &head(&["Артикул", "Ячейка", "Количество", "Годен до"]), true);
        assert_eq!(russian.columns.len(), 4);
        assert_eq!(
            guess(Kind::Stock, &head(&["sku", "Bin"]), false).missing(Kind::Stock).next().unwrap().word,
            "quantity"
        );
    }

    #[test]
    fn one_column_is_one_field_and_a_head_has_one_mark() {
        let mapping = guess(Kind::Customers, &head(&["Name", "Number", "Street", "City", "Country"]), false);
        let mut taken: Vec<_> = mapping.columns.values().collect();
        taken.sort();
        taken.dedup();
        assert_eq!(taken.len(), mapping.columns.len());
        assert_eq!(mark(&head(&["A b", "C"])), mark(&head(&["a-B", "c"])));
        assert_ne!(mark(&head(&["ab", "c"])), mark(&head(&["a", "bc"])));
    }

    #[test]
    fn the_words_of_fields_are_their_own() {
        for kind in Kind::ALL {
            let mut words: Vec<_> = kind.fields().iter().map(|field| field.word).collect();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), kind.fields().len());
            assert_eq!(Kind::of(kind.word()), Some(kind));
        }
    }
}
