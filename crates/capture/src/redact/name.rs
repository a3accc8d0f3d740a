/// Words that make a name a secret's when they stand alone: `API_KEY`, `db.pass`, `authHeader`.
const WORDS: [&str; 8] = ["AUTH", "AUTHORIZATION", "COOKIE", "CREDENTIAL", "DSN", "KEY", "PASS", "PWD"];

/// Words that do so at the end of a longer one too: `DBPASSWORD`, `authtoken`.
const ENDINGS: [&str; 8] =
    ["APIKEY", "CREDENTIALS", "PASSPHRASE", "PASSWD", "PASSWORD", "SECRET", "SECRETS", "TOKEN"];

/// The special tokens of language models are no secrets: `pad_token`.
const VOCABULARY: [&str; 8] = ["BOS", "CLS", "EOS", "MASK", "PAD", "SEP", "SPECIAL", "UNK"];

/// Whether a thing of this name is a secret: one of its words is `PASSWORD`, `TOKEN`, `SECRET`, `KEY`,
/// `CREDENTIAL`, … in any case. `max_tokens`, `tokenizer` and the working directory `PWD` are not.
pub fn is_secret_name(name: &str) -> bool {
    let words = words(name);
    if words.iter().any(|word| VOCABULARY.contains(&word.as_str()))
        || words == ["PWD"]
        || words == ["OLD", "PWD"]
    {
        return false;
    }
    words.iter().any(|word| WORDS.contains(&word.as_str()) || ENDINGS.iter().any(|end| word.ends_with(end)))
}

/// The words of a name in capitals, split at punctuation and where a small letter meets a capital.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (after_small && letter.is_uppercase()) {
            words.push(String::new());
        }
        after_small = letter.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_uppercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
