use trackline_capture::console::Console;

fn shown(written: &str) -> String {
    let mut console = Console::default();
    // However the bytes are cut.
    written.as_bytes().chunks(3).for_each(|part| console.write(part));
    console.text()
}

#[test]
fn text_is_kept_as_it_is() {
    assert_eq!(shown("one\ntwo\tthree\r\nfür\n"), "one\ntwo\tthree\nfür\n");
    assert!(Console::default().is_empty());
}

#[test]
fn a_progress_bar_is_its_last_drawing() {
    assert_eq!(shown("fit\n10%\r 50%\r100% done\nend"), "fit\n100% done\nend");
    assert_eq!(shown("1/2\u{8}\u{8}\u{8}2/2\n"), "2/2\n");
    assert_eq!(shown("half\r\u{1b}[K\rnew\n"), "new\n");
}

#[test]
fn nested_progress_bars_stand_in_their_own_lines() {
    // As tqdm draws two bars.
    let drawn = "\router 0\n\rinner 0\u{1b}[A\n\rinner 1\u{1b}[A\router 1\n\rinner 1\n";
    assert_eq!(shown(drawn), "outer 1\ninner 1\n");
}

#[test]
fn control_sequences_leave_no_trace() {
    assert_eq!(
        shown("\u{1b}[1;31mred\u{1b}[0m \u{1b}]0;title\u{7}plain\u{1b}]8;;x\u{1b}\\link\u{1b}(B\u{7}"),
        "red plainlink"
    );
}

#[test]
fn secrets_are_taken_out() {
    let text = shown("connect to https://ada:hunter22@host/db\nok\n");
    assert!(!text.contains("hunter22") && text.ends_with("ok\n"), "{text}");
    let mut console = Console::default();
    console.write(b"https://ada:hunter22@host/db\n");
    assert!(!console.last(1_000).contains("hunter22"));
}

#[test]
fn of_much_output_the_beginning_and_the_end_are_kept() {
    let mut console = Console::default();
    for number in 0..200_000 {
        console.write(format!("line number {number}\n").as_bytes());
    }
    console.write(&[b'x'; 100_000]);
    let text = console.text();
    assert!(text.len() < 1_100_000, "{}", text.len());
    assert!(text.starts_with("line number 0\nline number 1\n"));
    assert!(text.contains("\n… ") && text.contains(" bytes are left out …\n"));
    assert!(text.contains("\nline number 199999\nxxx"));
    let last = console.last(50_000);
    assert!(
        last.len() <= 50_000 && last.contains("line number 199999\n") && last.starts_with("line number ")
    );
}

#[test]
fn no_bytes_are_too_odd() {
    let mut console = Console::default();
    for byte in (0..=255u8).cycle().take(10_000) {
        console.write(&[byte, 0x1b, b'[', byte, b'A']);
    }
    console.write(&[0xff, 0xfe, b'\n']);
    assert!(!console.text().is_empty());
}
