//! What a program wrote to its terminal, as the lines that stand there in the end: a progress bar that was drawn a
//! thousand times is one line.

use std::collections::VecDeque;
use std::fmt::Write;

use crate::redact;

/// Of a longer output this much is kept of its beginning,
const HEAD: usize = 256 << 10;
/// and this much of its end.
const TAIL: usize = 768 << 10;
/// Lines that may still be drawn anew, as nested progress bars do.
const SCREEN: usize = 64;
/// Of a longer line the beginning is kept.
const MAX_LINE: usize = 16 << 10;

/// Takes bytes as a terminal does. Colours and other control sequences leave no trace, except that they move to other
/// lines or wipe out what stands there.
#[derive(Debug)]
pub struct Console {
    head: String,
    tail: VecDeque<String>,
    tail_bytes: usize,
    left_out: u64,
    screen: Vec<Vec<u8>>,
    row: usize,
    /// The next character replaces the line.
    at_start: bool,
    state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Text,
    Escape,
    /// `ESC (`, before the letter of a character set.
    Charset,
    /// `ESC [` and its parameters.
    Control(Vec<u8>),
    /// `ESC ]` and the like, up to BEL or `ESC \`.
    Command,
    CommandEscape,
}

impl Default for Console {
    fn default() -> Self {
        Self {
            head: String::new(),
            tail: VecDeque::new(),
            tail_bytes: 0,
            left_out: 0,
            screen: vec![Vec::new()],
            row: 0,
            at_start: false,
            state: State::Text,
        }
    }
}

impl Console {
    /// The program wrote this.
    pub fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.take(byte);
        }
    }

    /// Whether nothing was written that shows.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty() && self.screen.iter().all(Vec::is_empty)
    }

    /// All lines, without secrets.
    pub fn text(&self) -> String {
        let mut text = self.head.clone();
        if self.left_out > 0 {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "… {} bytes are left out …", self.left_out);
        }
        self.tail.iter().for_each(|line| text.push_str(line));
        text.push_str(&self.screen_text());
        redact::text(&text)
    }

    /// The last lines, `limit` bytes at most, without secrets.
    pub fn last(&self, limit: usize) -> String {
        let screen = self.screen_text();
        let mut lines: Vec<&str> = screen.split_inclusive('\n').rev().collect();
        lines.extend(self.tail.iter().rev().map(String::as_str));
        lines.extend(self.head.split_inclusive('\n').rev().take(SCREEN));
        let mut left = limit;
        let fits = lines.iter().take_while(|line| {
            let fits = line.len() <= left;
            left = left.saturating_sub(line.len());
            fits
        });
        redact::text(&fits.copied().collect::<Vec<_>>().into_iter().rev().collect::<String>())
    }

    fn take(&mut self, byte: u8) {
        match (&mut self.state, byte) {
            (State::Text, 0x1b) => self.state = State::Escape,
            (State::Text, _) => self.character(byte),
            (State::Escape, b'[') => self.state = State::Control(Vec::new()),
            (State::Escape, b']' | b'P' | b'^' | b'_') => self.state = State::Command,
            (State::Escape, b'(' | b')') => self.state = State::Charset,
            (State::Escape | State::Charset, _) => self.state = State::Text,
            (State::Control(parameters), 0x40..=0x7e) => {
                let count = std::str::from_utf8(parameters).ok().and_then(|text| text.parse().ok());
                self.state = State::Text;
                self.control(byte, count);
            }
            (State::Control(parameters), _) if parameters.len() < 64 => parameters.push(byte),
            (State::Control(_), _) | (State::Command, 0x07) | (State::CommandEscape, _) => {
                self.state = State::Text;
            }
            (State::Command, 0x1b) => self.state = State::CommandEscape,
            (State::Command, _) => {}
        }
    }

    fn character(&mut self, byte: u8) {
        match byte {
            b'\n' => self.next_line(),
            b'\r' => self.at_start = true,
            0x08 => {
                let line = &mut self.screen[self.row];
                // A whole character, which may be several bytes.
                while line.pop().is_some_and(|last| last & 0xc0 == 0x80) {}
            }
            b'\t' | 0x20..=0x7e | 0x80.. => {
                let line = &mut self.screen[self.row];
                if std::mem::take(&mut self.at_start) {
                    line.clear();
                }
                if line.len() < MAX_LINE {
                    line.push(byte);
                }
            }
            _ => {}
        }
    }

    fn control(&mut self, kind: u8, count: Option<usize>) {
        let lines = count.unwrap_or(1).max(1);
        match kind {
            b'A' => self.row = self.row.saturating_sub(lines),
            b'B' => self.row = (self.row + lines).min(self.screen.len() - 1),
            b'G' if lines == 1 => self.at_start = true,
            b'K' if self.at_start || count == Some(2) => self.screen[self.row].clear(),
            _ => {}
        }
    }

    fn next_line(&mut self) {
        self.at_start = false;
        self.row += 1;
        if self.row == self.screen.len() {
            self.screen.push(Vec::new());
        }
        if self.screen.len() > SCREEN {
            let line = self.screen.remove(0);
            self.row -= 1;
            self.keep(String::from_utf8_lossy(&line).into_owned() + "\n");
        }
    }

    /// Keeps a line that will not change any more.
    fn keep(&mut self, line: String) {
        if self.tail.is_empty() && self.head.len() + line.len() <= HEAD {
            self.head.push_str(&line);
            return;
        }
        self.tail_bytes += line.len();
        self.tail.push_back(line);
        while self.tail_bytes > TAIL {
            let Some(line) = self.tail.pop_front() else { break };
            self.tail_bytes -= line.len();
            self.left_out += line.len() as u64;
        }
    }

    fn screen_text(&self) -> String {
        let lines: Vec<_> = self.screen.iter().map(|line| String::from_utf8_lossy(line)).collect();
        lines.join("\n")
    }
}
