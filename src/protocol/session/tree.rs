//! JSON as it is read from a payload, for a moment: texts stay where they lie in the payload, and a map is the list of its
//! members. Every fact that a station pushes is read this way, so it costs as little as it can.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that fits.
    Int(i64),
    /// Any other number; the domain has none.
    Real,
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Tree<'a>>),
    /// An object, its members as they were written.
    Map(Vec<(Cow<'a, str>, Tree<'a>)>),
}

impl Tree<'_> {
    /// A word by itself.
    #[must_use]
    pub fn text(word: &str) -> Tree<'_> {
        Tree::Text(Cow::Borrowed(word))
    }

    /// Is it `null`?
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Tree::Null)
    }

    /// The member of that name; of several the last. None of what is no object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.members()?.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The members of an object.
    #[must_use]
    pub fn members(&self) -> Option<&[(Cow<'_, str>, Self)]> {
        match self {
            Tree::Map(members) => Some(members),
            Tree::Null | Tree::Bool(_) | Tree::Int(_) | Tree::Real | Tree::Text(_) | Tree::List(_) => None,
        }
    }

    /// The name and content of an object with one member; of several the first by name.
    #[must_use]
    pub fn case(&self) -> Option<(&str, &Self)> {
        self.members()?.iter().rev().min_by_key(|(name, _)| name).map(|(name, content)| (&**name, content))
    }

    /// The values of a list.
    #[must_use]
    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Tree::List(values) => Some(values),
            Tree::Null | Tree::Bool(_) | Tree::Int(_) | Tree::Real | Tree::Text(_) | Tree::Map(_) => None,
        }
    }

    /// A text's content.
    #[must_use]
    pub fn str(&self) -> Option<&str> {
        match self {
            Tree::Text(text) => Some(text),
            Tree::Null | Tree::Bool(_) | Tree::Int(_) | Tree::Real | Tree::List(_) | Tree::Map(_) => None,
        }
    }

    /// A whole number.
    #[must_use]
    pub fn int(&self) -> Option<i64> {
        match self {
            Tree::Int(int) => Some(*int),
            Tree::Null | Tree::Bool(_) | Tree::Real | Tree::Text(_) | Tree::List(_) | Tree::Map(_) => None,
        }
    }

    /// True or false.
    #[must_use]
    pub fn bool(&self) -> Option<bool> {
        match self {
            Tree::Bool(is) => Some(*is),
            Tree::Null | Tree::Int(_) | Tree::Real | Tree::Text(_) | Tree::List(_) | Tree::Map(_) => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Tree<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Tree<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_unit<E>(self) -> Result<Tree<'de>, E> {
        Ok(Tree::Null)
    }
    fn visit_bool<E>(self, is: bool) -> Result<Tree<'de>, E> {
        Ok(Tree::Bool(is))
    }
    fn visit_i64<E>(self, int: i64) -> Result<Tree<'de>, E> {
        Ok(Tree::Int(int))
    }
    fn visit_u64<E>(self, int: u64) -> Result<Tree<'de>, E> {
        Ok(i64::try_from(int).map_or(Tree::Real, Tree::Int))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Tree<'de>, E> {
        Ok(Tree::Real)
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree<'de>, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Tree::List(values))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree<'de>, A::Error> {
        // As many as nearly every fact has.
        let mut members = Vec::with_capacity(8);
        while let Some((Name(name), value)) = map.next_entry()? {
            members.push((name, value));
        }
        Ok(Tree::Map(members))
    }
}

/// A member's name, where it lies.
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Tree::deserialize(deserializer)? {
            Tree::Text(name) => Ok(Name(name)),
            Tree::Null | Tree::Bool(_) | Tree::Int(_) | Tree::Real | Tree::List(_) | Tree::Map(_) => {
                Err(serde::de::Error::custom("a member's name is a text"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_was_written_and_plain_text_is_not_copied() {
        let json = r#"{"a":[1,-2,1.5,18446744073709551615,null,true],"b":"plain","c":"two\nlines","b":"last"}"#;
        let tree: Tree<'_> = serde_json::from_str(json).unwrap();
        let numbers = [Tree::Int(1), Tree::Int(-2), Tree::Real, Tree::Real, Tree::Null, Tree::Bool(true)];
        assert_eq!(tree.get("a").and_then(Tree::list), Some(&numbers[..]));
        assert_eq!(tree.get("b").and_then(Tree::str), Some("last"));
        assert_eq!(tree.get("c").and_then(Tree::str), Some("two\nlines"));
        assert!(matches!(tree.get("b"), Some(Tree::Text(Cow::Borrowed(_)))));
        assert_eq!(tree.case().map(|(name, _)| name), Some("a"));
        assert!(tree.get("d").is_none() && Tree::Null.get("a").is_none());
        assert!(serde_json::from_str::<Tree<'_>>(&"[".repeat(200)).is_err());
    }
}
