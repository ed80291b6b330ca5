use super::*;
use proptest::prelude::*;
use std::fs;

const FIELDS: &[&str] = &["secret_access_key", "session_token"];

fn secrets(pairs: &[(&str, &str)]) -> Secrets {
    Secrets(pairs.iter().map(|(field, value)| ((*field).to_owned(), SecretString::from(*value))).collect())
}

fn shown(secrets: &Secrets) -> Vec<(String, String)> {
    secrets.0.iter().map(|(field, secret)| (field.clone(), secret.expose_secret().to_owned())).collect()
}

struct Scene {
    folder: tempfile::TempDir,
    vault: Arc<MemoryVault>,
    keychain: Keychain,
}

fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let vault = Arc::new(MemoryVault::default());
    let keychain = again(&folder, &vault);
    Scene { folder, vault, keychain }
}

fn again(folder: &tempfile::TempDir, vault: &Arc<MemoryVault>) -> Keychain {
    Keychain::with_vault(folder.path(), "f01d", vault.clone(), Duration::from_millis(300)).with_environment(|_| None)
}

fn files(scene: &Scene) -> Vec<String> {
    let Ok(entries) = fs::read_dir(scene.folder.path().join("sealed")) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn what_was_put_comes_back_in_another_run_and_nothing_is_on_disk() {
    let scene = scene();
    let given = secrets(&[("secret_access_key", "hush"), ("session_token", "more")]);
    scene.keychain.put("my-bucket", &given).unwrap();
    let later = again(&scene.folder, &scene.vault);
    assert_eq!(shown(&later.get("my-bucket", FIELDS).unwrap()), shown(&given));
    assert_eq!(later.place("my-bucket", FIELDS), SecretPlace::Keychain);
    let entries = scene.vault.entries();
    assert_eq!(entries.len(), 1, "one entry for a connection");
    assert_eq!((entries[0].0.as_str(), entries[0].1.as_str()), ("Gantry: my-bucket", "f01d"));
    assert!(fs::read_dir(scene.folder.path()).unwrap().next().is_none());
}

#[test]
fn a_secret_just_small_enough_is_in_the_entry_and_one_byte_more_is_sealed() {
    let scene = scene();
    let frame = written(&Entry::Secrets([("session_token".to_owned(), String::new())].into())).unwrap().len();
    let fits = "t".repeat(ENTRY_BYTES / 2 - frame);
    scene.keychain.put("a", &secrets(&[("session_token", &fits)])).unwrap();
    assert!(files(&scene).is_empty());
    let large = format!("{fits}t");
    scene.keychain.put("a", &secrets(&[("session_token", &large)])).unwrap();
    assert_eq!(files(&scene), ["a"]);
    assert!(scene.vault.entries()[0].2.encode_utf16().count() * 2 <= ENTRY_BYTES);
    let back = again(&scene.folder, &scene.vault).get("a", FIELDS).unwrap();
    assert_eq!(shown(&back), [("session_token".to_owned(), large)]);
}

#[test]
fn a_sealed_secret_is_unreadable_private_and_bound_to_its_connection() {
    let scene = scene();
    let large = "swordfish ".repeat(400);
    scene.keychain.put("one", &secrets(&[("session_token", &large)])).unwrap();
    let path = scene.folder.path().join("sealed/one");
    let bytes = fs::read(&path).unwrap();
    assert!(!bytes.windows(9).any(|window| window == b"swordfish"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    }
    scene.keychain.put("two", &secrets(&[("session_token", &large)])).unwrap();
    fs::copy(&path, scene.folder.path().join("sealed/two")).unwrap();
    assert_eq!(scene.keychain.get("two", FIELDS).unwrap_err().code, Code::NoSecret);
    let mut changed = bytes;
    *changed.last_mut().unwrap() ^= 1;
    fs::write(&path, changed).unwrap();
    assert_eq!(scene.keychain.get("one", FIELDS).unwrap_err().code, Code::NoSecret);
    fs::remove_file(&path).unwrap();
    assert_eq!(scene.keychain.get("one", FIELDS).unwrap_err().code, Code::NoSecret);
}

#[test]
fn a_sealed_secret_that_shrinks_leaves_no_file() {
    let scene = scene();
    scene.keychain.put("a", &secrets(&[("session_token", &"x".repeat(9_000))])).unwrap();
    scene.keychain.put("a", &secrets(&[("session_token", "small")])).unwrap();
    assert!(files(&scene).is_empty());
    assert_eq!(shown(&scene.keychain.get("a", FIELDS).unwrap())[0].1, "small");
}

#[test]
fn locked_absent_and_hanging_are_told_apart_and_until_quit_is_the_way_out() {
    let scene = scene();
    scene.keychain.put("a", &secrets(&[("secret_access_key", "kept")])).unwrap();
    for (state, code) in [(KeychainState::Locked, Code::KeychainLocked), (KeychainState::Absent, Code::KeychainAbsent)] {
        scene.vault.set_state(state);
        assert_eq!(scene.keychain.state(), state);
        assert_eq!(scene.keychain.get("a", FIELDS).unwrap_err().code, code);
        assert_eq!(scene.keychain.put("b", &secrets(&[("secret_access_key", "v")])).unwrap_err().code, code);
        assert_eq!(scene.keychain.remove("b").unwrap_err().code, code);
    }
    scene.keychain.put_until_quit("a", secrets(&[("secret_access_key", "typed")]));
    assert_eq!(shown(&scene.keychain.get("a", FIELDS).unwrap())[0].1, "typed");
    assert_eq!(scene.keychain.place("a", FIELDS), SecretPlace::UntilQuit);
    let next_run = again(&scene.folder, &scene.vault);
    assert_eq!(next_run.get("a", FIELDS).unwrap_err().code, Code::KeychainAbsent, "memory ends with the program");
}

#[test]
fn a_prompt_that_nobody_answers_is_given_up_and_the_next_call_does_not_wait_behind_it() {
    let scene = scene();
    scene.vault.set_hanging(true);
    assert_eq!(scene.keychain.get("a", FIELDS).unwrap_err().code, Code::KeychainLocked);
    assert_eq!(scene.keychain.put("a", &secrets(&[("secret_access_key", "late")])).unwrap_err().code, Code::KeychainLocked);
    scene.vault.set_hanging(false);
    assert!(scene.keychain.get("a", FIELDS).unwrap().0.is_empty());
    scene.keychain.put("a", &secrets(&[("secret_access_key", "now")])).unwrap();
    assert_eq!(shown(&scene.keychain.get("a", FIELDS).unwrap())[0].1, "now");
}

#[test]
fn the_environment_beats_the_keychain_and_is_never_mixed_with_it() {
    let scene = scene();
    scene.keychain.put("my-bucket", &secrets(&[("secret_access_key", "old"), ("session_token", "old")])).unwrap();
    let given = |name: &str| (name == "GANTRY_SECRET_MY_BUCKET_SECRET_ACCESS_KEY").then(|| "new".to_owned());
    let keychain = again(&scene.folder, &scene.vault).with_environment(given);
    let expected = [("secret_access_key".to_owned(), "new".to_owned())];
    assert_eq!(shown(&keychain.get("my-bucket", FIELDS).unwrap()), expected);
    assert_eq!(keychain.place("my-bucket", FIELDS), SecretPlace::Environment);
    scene.vault.set_hanging(true);
    assert_eq!(shown(&keychain.get("my-bucket", FIELDS).unwrap()), expected, "the keychain is not even asked");
}

#[test]
fn a_removed_connection_leaves_nothing_behind() {
    let scene = scene();
    scene.keychain.put("a", &secrets(&[("session_token", &"x".repeat(9_000))])).unwrap();
    scene.keychain.put_until_quit("a", secrets(&[("session_token", "typed")]));
    scene.keychain.remove("a").unwrap();
    scene.keychain.remove("a").unwrap();
    assert!(scene.vault.entries().is_empty() && files(&scene).is_empty());
    assert!(scene.keychain.get("a", FIELDS).unwrap().0.is_empty());
    assert_eq!(scene.keychain.place("a", FIELDS), SecretPlace::Missing);
}

#[test]
fn debug_shows_no_secret() {
    let scene = scene();
    scene.keychain.put("a", &secrets(&[("session_token", "swordfish")])).unwrap();
    scene.keychain.put_until_quit("b", secrets(&[("session_token", "swordfish")]));
    let said = format!("{:?} {:?} {:?}", scene.keychain, scene.vault, scene.keychain.get("b", FIELDS).unwrap());
    assert!(!said.contains("swordfish"), "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_secret_comes_back_as_it_was(values in proptest::collection::vec(any::<String>(), 1..4), long in 0_usize..3_000) {
        let scene = scene();
        let fields: Vec<String> = (0..values.len()).map(|n| format!("field_{n}")).collect();
        let pairs: Vec<(&str, String)> = fields.iter().map(String::as_str).zip(values.iter().map(|v| v.repeat(1 + long / (v.len() + 1)))).collect();
        let given = Secrets(pairs.iter().map(|(f, v)| ((*f).to_owned(), SecretString::from(v.clone()))).collect());
        scene.keychain.put("c", &given).unwrap();
        prop_assert_eq!(shown(&scene.keychain.get("c", &["field_0"]).unwrap()), shown(&given));
    }
}
