//! Amazon's shared files of credentials, `~/.aws/credentials` and `~/.aws/config`
//! (docs.aws.amazon.com/sdkref/latest/guide/file-format.html).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

/// What a profile may say, by the names that the environment has for it.
const KNOWN: [(&str, &str); 5] = [
    ("aws_access_key_id", "AWS_ACCESS_KEY_ID"),
    ("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"),
    ("aws_session_token", "AWS_SESSION_TOKEN"),
    ("region", "AWS_REGION"),
    ("endpoint_url", "AWS_ENDPOINT_URL"),
];
/// These come from one place, all together.
const KEYS: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
/// With one of these in the environment, the keys of a profile are not asked for.
const OTHER_KEYS: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE"];
const REGIONS: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// The settings of the profile that `AWS_PROFILE` names, or of `default`, which the environment does not have.
pub(super) fn settings() -> Vec<(String, String)> {
    let given = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let home = given("HOME").map(PathBuf::from).unwrap_or_default().join(".aws");
    let text = |name: &str, file: &str| {
        let path = given(name).map_or_else(|| home.join(file), PathBuf::from);
        fs::read_to_string(path).unwrap_or_default()
    };
    let profile =
        given("AWS_PROFILE").map_or_else(|| "default".into(), |name| name.to_string_lossy().into_owned());
    let (credentials, config) =
        (text("AWS_SHARED_CREDENTIALS_FILE", "credentials"), text("AWS_CONFIG_FILE", "config"));
    let is_given = |names: &[&str]| names.iter().any(|name| given(name).is_some());
    of_profile(&profile, &credentials, &config)
        .into_iter()
        .filter(|(name, _)| match *name {
            name if KEYS.contains(&name) => !is_given(&OTHER_KEYS),
            "AWS_REGION" => !is_given(&REGIONS),
            name => !is_given(&[name]),
        })
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// What the two files say of a profile; the first has the last word.
fn of_profile(profile: &str, credentials: &str, config: &str) -> BTreeMap<&'static str, String> {
    let mut found = BTreeMap::new();
    for text in [config, credentials] {
        let mut inside = false;
        for line in text.lines() {
            if let Some(section) = line.trim().strip_prefix('[').and_then(|rest| rest.split(']').next()) {
                let name = section.trim();
                inside = name.strip_prefix("profile ").map_or(name, str::trim) == profile;
                continue;
            }
            // What is indented belongs to the setting above it.
            let is_setting = inside && !line.starts_with([' ', '\t', '#', ';']);
            let Some((key, value)) = line.split_once('=').filter(|_| is_setting) else { continue };
            let key = key.trim().to_ascii_lowercase();
            if let Some((_, name)) = KNOWN.iter().find(|(known, _)| *known == key) {
                found.insert(*name, value.trim().to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_read_out_of_both_files() {
        let credentials = "[default]\naws_access_key_id = first\naws_secret_access_key = s3cret=\n\n\
                           [work]\n# of the team\naws_access_key_id=second\n";
        let config = "[default]\nregion = eu-central-1\ns3 =\n  region = none\naws_access_key_id = old\n\
                      [profile work]\nendpoint_url = http://minio:9000\noutput = json\n";
        let of = |profile| of_profile(profile, credentials, config).into_iter().collect::<Vec<_>>();
        let text = |value: &str| value.to_owned();
        assert_eq!(
            of("default"),
            [
                ("AWS_ACCESS_KEY_ID", text("first")),
                ("AWS_REGION", text("eu-central-1")),
                ("AWS_SECRET_ACCESS_KEY", text("s3cret=")),
            ]
        );
        assert_eq!(
            of("work"),
            [("AWS_ACCESS_KEY_ID", text("second")), ("AWS_ENDPOINT_URL", text("http://minio:9000"))]
        );
        assert_eq!(of("none"), []);
    }
}
