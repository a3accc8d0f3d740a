//! What one line says: the counters in it, and the numbers with their names.

use super::token::{Form, Token, tokens};
use super::vocabulary::{self as words, FILLERS, Meaning};

/// A line, read without regard to the lines before it.
#[derive(Debug, Default, PartialEq)]
pub struct Line {
    /// The counters, the slowest first: `epoch 3`, `[640/60000]`.
    pub counters: Vec<Counter>,
    /// The numbers that have a name.
    pub values: Vec<Value>,
}

/// How far something has got.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counter {
    /// Slow counters have small ranks: a fold 0, an epoch 1, a step 2.
    pub rank: u8,
    /// Where it stands.
    pub at: i64,
    /// Where it ends, if the line says so.
    pub total: Option<i64>,
}

/// A number with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// In lower case, words joined with `_`.
    pub key: String,
    /// One number; several from a list in brackets.
    pub numbers: Vec<f64>,
    /// Whether they are all whole numbers.
    pub whole: bool,
    /// Whether `:` or `=` stands between name and number.
    pub assigned: bool,
    /// What the name is likely to stand for.
    pub meaning: Meaning,
}

const LONGEST_NAME: usize = 10;
const LONGEST_LIST: usize = 1000;
const LONGEST_HEADING: usize = 5;
const OUTER: u8 = 1;
const INNER: u8 = 2;

/// Reads a line. `dicts` are the names of the dicts that are open where it begins, and then of those open at its end.
pub fn read(text: &str, dicts: &mut Vec<String>) -> Line {
    let mut reader = Reader { dicts: std::mem::take(dicts), ..Reader::default() };
    let all = tokens(text);
    for (at, token) in all.iter().enumerate() {
        reader.take(*token, all.get(at + 1).copied());
    }
    *dicts = reader.dicts;
    reader.line.counters.sort_by_key(|counter| counter.rank);
    reader.line
}

/// What a line without numbers names: with a colon at its end anything, else metrics only. The number is none.
pub fn heading(text: &str) -> Option<Value> {
    let name = text.trim_end_matches([':', '=', ' ', '\n']);
    let is_label = text.trim_end().ends_with(':');
    if name.split_whitespace().count() > LONGEST_HEADING || name.contains([':', '=', ',', '{', '[', '|']) {
        return None;
    }
    let value = read(&format!("{name}: 0.5"), &mut Vec::new()).values.pop()?;
    (is_label || value.meaning >= Meaning::Likely).then_some(value)
}

/// The number that a line consists of.
pub fn bare(text: &str) -> Option<Value> {
    let all = tokens(text);
    let is_sign = |token: &&Token<'_>| !matches!(token, Token::Open(_) | Token::Close(_) | Token::Gap);
    match all.iter().filter(is_sign).collect::<Vec<_>>()[..] {
        [_] => read(&format!("number: {text}"), &mut Vec::new()).values.pop(),
        _ => None,
    }
}

#[derive(Default)]
struct Reader<'a> {
    line: Line,
    words: Vec<&'a str>,
    phase: Option<&'static str>,
    label: Vec<&'a str>,
    /// A `:` or `=` came after the words.
    assigned: bool,
    /// It was a `=`.
    equals: bool,
    /// Something that sets words apart came after them.
    apart: bool,
    /// The last token was an opening bracket.
    opened: bool,
    /// How many brackets are open that hold names with their values: a dict, or the arguments of a call.
    inside: usize,
    /// The names of the dicts that are open, the outermost first: `val` of `"val": {"loss": 0.3}`.
    dicts: Vec<String>,
    /// The open bracket after a name began a list of its numbers.
    listing: bool,
    /// The value before is a fraction, or a bracket after it gives it in percent.
    fraction: bool,
    /// The value before is in percent, and a bracket after it may say of how many.
    percent: bool,
    /// The next number is a spread.
    spread: bool,
}

impl<'a> Reader<'a> {
    fn take(&mut self, token: Token<'a>, next: Option<Token<'a>>) {
        let opened = std::mem::take(&mut self.opened);
        match token {
            Token::Word(word) => self.word(word),
            Token::Colon => self.assigned = !self.words.is_empty(),
            Token::Equals => {
                self.assigned = !self.words.is_empty();
                self.equals = true;
            }
            Token::Gap => self.apart = !self.assigned,
            Token::Break if !self.assigned => self.apart = true,
            Token::Break => {}
            Token::Open(bracket) => {
                self.opened = true;
                self.inside += usize::from(bracket != '[');
                if bracket == '{' {
                    self.dict();
                }
            }
            Token::Close(bracket) => {
                self.listing = false;
                self.inside = self.inside.saturating_sub(usize::from(bracket != ']'));
                if bracket == '}' {
                    self.dicts.pop();
                }
            }
            Token::Spread => self.spread = true,
            Token::Junk => self.forget(),
            Token::Number(..) | Token::Fraction(..) if std::mem::take(&mut self.spread) => {}
            Token::Number(value, form) => self.number(value, form, opened, next),
            Token::Fraction(top, bottom) => self.fraction(top, bottom, opened),
        }
    }

    /// A dict is what the words before it name, if they are a name.
    fn dict(&mut self) {
        let name = if self.assigned { self.words.join("_").to_lowercase() } else { String::new() };
        self.dicts.push(if words::is_heading(&name) { String::new() } else { name });
        if self.assigned {
            self.forget();
        }
    }

    fn word(&mut self, word: &'a str) {
        self.listing = false;
        self.fraction = false;
        self.percent = false;
        if self.assigned && (std::mem::take(&mut self.equals) || self.inside > 0) {
            return self.forget(); // The value is a word.
        }
        if self.assigned {
            self.head();
        } else if word.eq_ignore_ascii_case("with") && self.is_text() {
            return self.words.clear();
        } else if std::mem::take(&mut self.apart) {
            self.split();
        }
        self.words.push(word);
    }

    /// Whether the words so far are what a label has for a value: `Best model: SVM with accuracy 0.9`.
    fn is_text(&self) -> bool {
        !self.label.is_empty() && words::meaning(&self.name()) < Meaning::Schedule
    }

    /// `Test set: loss 0.3`: the words were no name but stand for all that follows.
    fn head(&mut self) {
        self.assigned = false;
        let words = std::mem::take(&mut self.words);
        self.take_phase(&words);
        self.label.clear();
        if words.len() <= 3 && !words.iter().any(|word| words::is_heading(&word.to_lowercase())) {
            self.label = words;
        }
    }

    /// `val | loss 0.3`: of words that are set apart only the part of the data is kept. After a label they are what it has for
    /// a value: `Method: Least Squares   AIC: 12.3`.
    fn split(&mut self) {
        let words = std::mem::take(&mut self.words);
        if !words.is_empty() {
            self.label.clear();
        }
        self.take_phase(&words);
    }

    fn take_phase(&mut self, words: &[&str]) {
        // Also of `EP2_train`.
        let mut parts = words.iter().flat_map(|word| word.split('_'));
        if let Some(phase) = parts.find_map(|part| words::phase(&part.to_lowercase())) {
            self.phase = Some(phase);
        }
    }

    fn forget(&mut self) {
        self.words.clear();
        self.assigned = false;
        self.equals = false;
        self.apart = false;
    }

    fn number(&mut self, value: f64, form: Form, opened: bool, next: Option<Token<'_>>) {
        if self.words.is_empty() {
            return self.nameless(value, form, opened, next);
        }
        if form == Form::Integer && self.count(value, None) {
            return;
        }
        // `Train: 3 [640/60000]` is an epoch of that part of the data.
        if form == Form::Integer && self.is_phase() && next == Some(Token::Open('[')) {
            self.counter(OUTER, value, None);
            return self.split();
        }
        let name = self.name();
        let meaning = words::meaning(&name);
        // The last word of a sentence must be what the number is about: `loss 0.3`, not `the 10000 images`.
        let tells =
            |last: String| words::meaning(&last) >= Meaning::Schedule || words::phase(&last).is_some();
        let near = meaning >= Meaning::Schedule && self.last().is_some_and(tells);
        let is_column = self.apart && meaning >= Meaning::Schedule && form != Form::Integer;
        if !(self.assigned || near || is_column) {
            if self.apart || opened {
                self.split();
                self.apart = false;
            }
            return;
        }
        if words::is_chosen(&name) && self.words.len() > 1 {
            self.label = self.words.iter().copied().take(1).collect(); // `Best C=1, gamma=0.1`
        }
        self.push(name, value, form, meaning);
        self.listing = opened && self.line.values.last().is_some_and(|value| value.assigned);
        self.percent = form == Form::Percent;
        self.forget();
    }

    fn nameless(&mut self, value: f64, form: Form, opened: bool, next: Option<Token<'_>>) {
        let begins =
            self.line.values.is_empty() && (self.line.counters.is_empty() || self.inside == 0 && self.apart);
        if self.listing {
            if let Some(list) = self.line.values.last_mut()
                && list.numbers.len() < LONGEST_LIST
            {
                list.numbers.push(value);
                list.whole &= form == Form::Integer;
            }
        } else if std::mem::take(&mut self.fraction) && opened && form == Form::Percent {
            if let Some(last) = self.line.values.last_mut() {
                last.numbers = vec![value];
            }
        } else if begins && form == Form::Integer && self.label.is_empty() && next.is_some() {
            self.counter(INNER, value, None);
        }
    }

    fn fraction(&mut self, top: f64, bottom: f64, opened: bool) {
        if self.words.is_empty() {
            let of_how_many = std::mem::take(&mut self.percent) && opened;
            if !of_how_many && top <= bottom && top.fract() == 0.0 && bottom.fract() == 0.0 {
                self.counter(INNER, top, Some(bottom));
            }
            return;
        }
        if self.count(top, Some(bottom)) {
            return;
        }
        let name = self.name();
        let meaning = words::meaning(&name);
        if meaning >= Meaning::Likely && bottom != 0.0 {
            self.push(name, top / bottom, Form::Real, meaning);
            self.fraction = true;
        } else if self.is_phase() {
            self.split(); // `Test: [3/10] loss 0.3`
        }
        self.forget();
    }

    /// Whether the words only say which part of the data follows.
    fn is_phase(&self) -> bool {
        self.words.iter().all(|word| words::phase(&word.to_lowercase()).is_some())
    }

    /// Whether the words end with the name of a counter, which then stands at this number.
    fn count(&mut self, at: f64, total: Option<f64>) -> bool {
        let Some(rank) = self.last().as_deref().and_then(words::step) else { return false };
        let joined = self.words.iter().rev().take(2).map(|word| word.to_lowercase()).collect::<Vec<_>>();
        if words::step(&joined.into_iter().rev().collect::<Vec<_>>().join("_")).is_none() {
            self.forget();
            return true;
        }
        self.counter(rank, at, total);
        while self.last().is_some_and(|last| words::step(&last).is_some() || FILLERS.contains(&last.as_str()))
        {
            self.words.pop();
        }
        self.assigned = false;
        self.apart = false;
        if self.words.is_empty() || words::meaning(&self.name()) < Meaning::Likely {
            self.split();
        }
        true
    }

    #[allow(clippy::cast_possible_truncation)]
    fn counter(&mut self, rank: u8, at: f64, total: Option<f64>) {
        if at.abs() < 1e15 {
            self.line.counters.push(Counter { rank, at: at as i64, total: total.map(|total| total as i64) });
        }
    }

    fn last(&self) -> Option<String> {
        self.words
            .iter()
            .rev()
            .map(|word| word.to_lowercase())
            .find(|word| !matches!(word.as_str(), "is" | "was" | "of"))
    }

    /// The words as a key, with the part of the data and the heading that they stand under.
    fn name(&self) -> String {
        let plain = |word: &&str| {
            let word = word.to_lowercase();
            (!FILLERS.contains(&word.as_str())).then_some(word)
        };
        let own: Vec<String> = self.words.iter().filter_map(plain).collect();
        let of_dict = self.dicts.iter().rev().find_map(|name| words::phase(name));
        let phase = of_dict.or(self.phase);
        let phase = phase.filter(|_| !own.iter().any(|word| words::phase(first_part(word)).is_some()));
        let only_phase = own.iter().all(|word| words::phase(word).is_some());
        let dicts = self.dicts.iter().map(String::as_str).filter(|name| !name.is_empty());
        let label: Vec<&str> = dicts.chain(self.label.iter().copied()).collect();
        let label = label.iter().filter_map(plain).filter(|word| !own.contains(word));
        let label: Vec<String> = label.filter(|word| words::phase(word).is_none() && word != "set").collect();
        if let ([part], true) = (&own[..], only_phase && label.is_empty())
            && let Some(name) = self.of_part(part)
        {
            return name;
        }
        let mut parts: Vec<String> = phase.map(str::to_owned).into_iter().collect();
        if only_phase {
            parts.extend(own);
            parts.extend(label);
        } else {
            parts.extend(label);
            parts.extend(own);
        }
        parts.join("_")
    }

    /// The name of the value before, for another part of the data: `MSE train: 0.1, test: 0.2`.
    fn of_part(&self, part: &str) -> Option<String> {
        let before = self.line.values.last().filter(|value| value.meaning >= Meaning::Likely)?;
        let of = before.key.split('_').find(|word| words::phase(word).is_some())?;
        let name = before.key.split('_').map(|word| if word == of { part } else { word });
        Some(name.collect::<Vec<_>>().join("_"))
    }

    fn push(&mut self, name: String, value: f64, form: Form, meaning: Meaning) {
        let own = self.words.first().and_then(|word| words::phase(&word.to_lowercase()));
        self.phase = own.or(self.phase);
        if name.is_empty() || self.words.len() > LONGEST_NAME {
            return;
        }
        let whole = form == Form::Integer;
        self.line.values.push(Value {
            key: key(&name),
            numbers: vec![value],
            whole,
            assigned: self.assigned,
            meaning,
        });
    }
}

fn first_part(word: &str) -> &str {
    word.split(|character: char| !character.is_alphanumeric()).next().unwrap_or(word)
}

/// A name with the characters that the keys of metrics may have. LightGBM shows `valid_0's l2`, and calls it
/// `valid_0-l2`.
fn key(name: &str) -> String {
    let name = name.replace("'s_", "-").replace("r^2", "r2").replace('²', "2");
    let allowed = |character: char| {
        if character.is_alphanumeric() || "_-./".contains(character) { character } else { '_' }
    };
    name.chars().map(allowed).collect::<String>().trim_matches('_').to_owned()
}
