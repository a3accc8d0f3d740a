//! Why a run did not end well, in one line.

use trackline_capture::redact;

/// Of a longer reason the beginning is kept.
const MAX_LENGTH: usize = 500;
/// A traceback in the text of an exception, which tells of another process, begins with a line that ends so.
const TRACEBACK: &str = "Traceback (most recent call last):";

/// What a text of any length says, in one line without secrets.
pub fn reason(text: &str) -> String {
    let line = redact::text(&telling(text));
    match line.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The first line that says something, and what it announces with a colon; of a traceback the last line, which is the exception.
fn telling(text: &str) -> String {
    let lines: Vec<_> =
        text.lines().map(str::trim).filter(|line| line.contains(char::is_alphanumeric)).collect();
    let traceback = lines.iter().position(|line| line.ends_with(TRACEBACK));
    let said = &lines[..traceback.unwrap_or(lines.len())];
    let announcing = said.iter().take_while(|line| line.ends_with(':')).count();
    let told = said.iter().take(announcing + 1);
    told.chain(traceback.and(lines.last())).copied().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_of_many_says_why() {
        assert_eq!(reason("ValueError: no good\nat all"), "ValueError: no good");
        assert_eq!(
            reason("ValueError: \n\nAll the 5 fits failed.\nIt is likely"),
            "ValueError: All the 5 fits failed."
        );
        assert_eq!(
            reason("RuntimeError: in state_dict:\n\tMissing key: a\n"),
            "RuntimeError: in state_dict: Missing key: a"
        );
        assert_eq!(reason("Failed: \n=====\ntrain.py FAILED\n-----\n"), "Failed: train.py FAILED");
        assert_eq!(reason(" \n"), "");
    }

    #[test]
    fn of_the_traceback_of_another_process_the_exception_is_told() {
        let traceback = "Traceback (most recent call last):\n  File \"a.py\", line 1, in work\n    go()\nValueError: no data\n";
        let spawned =
            format!("ProcessRaised: \n\n-- Process 1 terminated with the following error:\n{traceback}");
        assert_eq!(
            reason(&spawned),
            "ProcessRaised: -- Process 1 terminated with the following error: ValueError: no data"
        );
        let loaded = format!("ValueError: Caught ValueError in worker process 0.\nOriginal {traceback}");
        assert_eq!(reason(&loaded), "ValueError: Caught ValueError in worker process 0. ValueError: no data");
    }

    #[test]
    fn a_long_line_is_cut() {
        assert_eq!(reason(&"a".repeat(501)), format!("{}…", "a".repeat(500)));
    }
}
