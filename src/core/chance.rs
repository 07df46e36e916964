//! Numbers that look random, made from a given one (SplitMix64: Steele, Lea and Flood, 2014): the same on every machine. Pure. Must
//! never be used for a secret.

/// What the state grows by.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// One more number from one random number, for steps that need several.
#[must_use]
pub const fn mix(random: u64) -> u64 {
    scatter(random.wrapping_add(STEP))
}

/// Spreads what differs in few bits over all of them; 0 stays 0.
#[must_use]
pub const fn scatter(word: u64) -> u64 {
    let mut z = word;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The next number of a row.
pub const fn next(state: &mut u64) -> u64 {
    let number = mix(*state);
    *state = state.wrapping_add(STEP);
    number
}
