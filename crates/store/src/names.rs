//! Random names for runs: adjective-noun-number.

use uuid::Uuid;

const ADJECTIVES: [&str; 64] = [
    "able", "amber", "apt", "azure", "bold", "brave", "bright", "brisk", "calm", "candid", "clear", "clever",
    "coral", "crisp", "deft", "eager", "early", "easy", "fair", "fine", "fleet", "fresh", "gentle", "glad",
    "golden", "grand", "green", "handy", "happy", "hardy", "honest", "humble", "jolly", "keen", "kind",
    "light", "lively", "lucid", "lucky", "mellow", "merry", "mild", "neat", "nimble", "noble", "patient",
    "plucky", "polite", "proud", "quick", "quiet", "ready", "robust", "serene", "sharp", "silver", "smooth",
    "steady", "sunny", "swift", "tidy", "upbeat", "warm", "wise",
];

const NOUNS: [&str; 64] = [
    "acorn", "alder", "aspen", "badger", "beech", "birch", "bison", "brook", "canyon", "cedar", "cliff",
    "cloud", "comet", "crane", "delta", "dune", "eagle", "elm", "falcon", "fern", "finch", "fjord", "forest",
    "fox", "glacier", "grove", "harbor", "hare", "hawk", "hazel", "heron", "hill", "iris", "island", "ivy",
    "kestrel", "lagoon", "lake", "larch", "lark", "lynx", "maple", "marten", "meadow", "moose", "moss",
    "oak", "otter", "owl", "pebble", "pine", "puffin", "raven", "reef", "ridge", "river", "robin", "sparrow",
    "spruce", "stork", "tern", "valley", "willow", "wren",
];

/// Such as `keen-otter-417`.
pub(crate) fn random() -> String {
    let [first, second, a, b, ..] = *Uuid::new_v4().as_bytes();
    let adjective = ADJECTIVES[usize::from(first) % ADJECTIVES.len()];
    let noun = NOUNS[usize::from(second) % NOUNS.len()];
    format!("{adjective}-{noun}-{}", u16::from_le_bytes([a, b]) % 1000)
}
