use std::ffi::OsString;

use proptest::prelude::*;
use trackline_capture::redact::{arguments, is_secret_name, selected_variables, text, url};

#[test]
fn names_of_secrets_are_known() {
    for name in [
        "PASSWORD",
        "DB_PASSWORD",
        "dbpassword",
        "SMTP_PASS",
        "AWS_SECRET_ACCESS_KEY",
        "HF_TOKEN",
        "github-token",
        "authToken",
        "WANDB_API_KEY",
        "apikey",
        "--api-key",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "db.passwd",
        "SENTRY_DSN",
        "Authorization",
    ] {
        assert!(is_secret_name(name), "{name}");
    }
}

#[test]
fn names_of_everyday_things_are_not_secrets() {
    for name in [
        "--max-tokens",
        "num_tokens",
        "tokenizer",
        "TOKENIZERS_PARALLELISM",
        "pad_token",
        "eos_token_id",
        "PWD",
        "OLDPWD",
        "keyboard",
        "monkey",
        "keys",
        "author",
        "batch_size",
        "compass",
    ] {
        assert!(!is_secret_name(name), "{name}");
    }
}

#[test]
fn arguments_lose_their_secrets_only() {
    let argv =
        ["train.py", "--token", "abc", "--lr", "0.1", "--password=hunter2", "db.secret=x", "--verbose"];
    let argv = argv.map(str::to_owned);
    let expected = [
        "train.py",
        "--token",
        "[redacted]",
        "--lr",
        "0.1",
        "--password=[redacted]",
        "db.secret=[redacted]",
        "--verbose",
    ];
    assert_eq!(arguments(&argv), expected);
    assert_eq!(arguments(&["--token".to_owned(), "--lr=1".to_owned()]), ["--token", "--lr=1"]);
}

#[test]
fn secrets_are_known_by_their_shape() {
    let forty = "0123456789abcdefghijABCDEFGHIJ0123456789";
    for secret in [
        "AKIAIOSFODNN7EXAMPLE".to_owned(),
        format!("ghp_{forty}"),
        format!("github_pat_{forty}"),
        format!("hf_{forty}"),
        format!("sk-proj-{forty}"),
        format!("glpat-{forty}"),
        "xoxb-123456789012-abcdef".to_owned(),
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N".to_owned(),
        format!("Bearer {forty}"),
    ] {
        assert_eq!(text(&format!("run with {secret} now")), "run with [redacted] now", "{secret}");
    }
}

#[test]
fn urls_lose_their_passwords() {
    assert_eq!(text("postgresql://me:s3cret@db:5432/x"), "postgresql://me:[redacted]@db:5432/x");
    assert_eq!(text("https://0123456789abcdefghij@github.com/a/b"), "https://[redacted]@github.com/a/b");
    assert_eq!(text("https://host:8080/a@b"), "https://host:8080/a@b");
    assert_eq!(text("get https://h/x?api_key=abcdef&page=2"), "get https://h/x?api_key=[redacted]&page=2");
    assert_eq!(url("https://me:s3cret@github.com/a/b.git"), "https://github.com/a/b.git");
    assert_eq!(url("git@github.com:a/b.git"), "git@github.com:a/b.git");
}

#[test]
fn a_query_or_a_shell_line_loses_its_values() {
    assert_eq!(text("A=1 DB_PASSWORD=hunter2;x"), "A=1 DB_PASSWORD=[redacted];x");
    assert_eq!(
        text("connected to db with password=hunter2 as ada"),
        "connected to db with password=[redacted] as ada"
    );
    assert_eq!(text("AccountName=a;AccountKey=0123456789abcdefgh=="), "AccountName=a;AccountKey=[redacted]");
}

#[test]
fn assignments_in_a_patch_lose_their_values() {
    let patch = "+password = \"hunter2\"\n+API_KEY=abcd1234\n+  \"secret\": \"xyzzy\",\n+os.environ['HF_TOKEN'] = 'abcdef'\n";
    let expected = "+password = \"[redacted]\"\n+API_KEY=[redacted]\n+  \"secret\": \"[redacted]\",\n+os.environ['HF_TOKEN'] = '[redacted]'\n";
    assert_eq!(text(patch), expected);
}

#[test]
fn settings_without_quotes_lose_their_values() {
    let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    for (line, kept) in [
        (format!("aws_secret_access_key = {key}\n"), "aws_secret_access_key = [redacted]\n"),
        (format!("+  api_key: {key}  # mine\n"), "+  api_key: [redacted]  # mine\n"),
        ("password: hunter2\n".to_owned(), "password: [redacted]\n"),
        ("- db_password: s3cret".to_owned(), "- db_password: [redacted]"),
    ] {
        assert_eq!(text(&line), kept);
    }
    let types = "+    password: str\n+    secret: SecretText\n+token_type: bearer\n+max_tokens: 4096\n";
    assert_eq!(text(types), types);
}

#[test]
fn program_text_stays_as_it_is() {
    let patch = "+token = next(tokens)\n+password = getpass.getpass()\n+tokenizer = \"bert-base\"\n+x = sorted(y, key=itemgetter(1), auth=auth, password=password)\n\
                 +secret = os.environ[\"A\"]\n+model.fit(X, y)  # key: value\n+pad_token = \"[PAD]\"\n";
    assert_eq!(text(patch), patch);
}

#[test]
fn private_keys_go_and_lines_stay() {
    for sign in ["+", "-", " ", ""] {
        let lines =
            ["a", "-----BEGIN RSA PRIVATE KEY-----", "MIIEow+/", "-----END RSA PRIVATE KEY-----", "b"];
        let clean = ["a", "[redacted]", "[redacted]", "[redacted]", "b"];
        let patch = |lines: [&str; 5]| lines.map(|line| format!("{sign}{line}\n")).concat();
        assert_eq!(text(&patch(lines)), patch(clean), "{sign:?}");
    }
    assert!(!text("-----BEGIN PRIVATE KEY-----\nMIIEow").contains("MIIEow"), "a key whose end was cut");
    let program = "x = '-----BEGIN PRIVATE KEY-----'\nif x in y:\n";
    assert_eq!(text(program), "x = '[redacted]\nif x in y:\n", "only the key is taken for one");
}

#[test]
fn only_telling_variables_are_kept() {
    let all = [
        ("CUDA_VISIBLE_DEVICES", "0,1"),
        ("RANK", "3"),
        ("SLURM_JOB_ID", "17"),
        ("SLURM_JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3"),
        ("CONDA_TOKEN", "x"),
        ("HOME", "/root"),
        ("OPENAI_API_KEY", "y"),
        ("MY_SETTING", "z"),
    ];
    let kept = selected_variables(
        all.into_iter().map(|(name, value)| (OsString::from(name), OsString::from(value))),
    );
    let kept: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let expected = [
        ("CONDA_TOKEN", "[redacted]"),
        ("CUDA_VISIBLE_DEVICES", "0,1"),
        ("RANK", "3"),
        ("SLURM_JOB_ID", "17"),
        ("SLURM_JWT", "[redacted]"),
    ];
    assert_eq!(kept, expected);
}

proptest! {
    #[test]
    fn any_text_keeps_its_lines(parts in prop::collection::vec(
        prop_oneof!["[ -~]{0,12}", "\\PC{0,6}", Just("password=".to_owned()), Just("token: \"".to_owned()),
            Just("://a:b@c".to_owned()), Just("-----BEGIN PRIVATE KEY-----".to_owned()), Just("\n".to_owned())], 0..12))
    {
        let before = parts.concat();
        prop_assert_eq!(text(&before).matches('\n').count(), before.matches('\n').count());
    }
}
