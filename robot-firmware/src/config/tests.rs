use super::*;

fn load(text: &str) -> Result<Config, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("robot.toml");
    std::fs::write(&path, text).unwrap();
    Config::load(&path)
}

#[test]
fn an_empty_file_is_a_whole_configuration() {
    let config = load("").unwrap();
    assert_eq!(config.screen.listen.port(), 8700);
    assert!(config.barge_in(false));
}

#[test]
fn the_sample_file_shows_the_defaults() {
    let config = load(include_str!("../../robot.toml")).unwrap();
    assert_eq!(config.pack, default_pack());
    assert_eq!(
        config.patience.visit_idle_s,
        Patience::default().visit_idle_s
    );
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest_one() {
    let error = load("pack = \"p\"\n[hearing]\nthread = 2\n")
        .unwrap_err()
        .to_string();
    assert!(error.contains("robot.toml:3:"), "{error}");
    assert!(
        error.contains("`thread`") && error.contains("`threads`"),
        "{error}"
    );
}

#[test]
fn a_robot_that_hears_itself_is_not_interrupted() {
    let real = load("[microphone]\nsource = \"alsa\"\n").unwrap();
    let room = load("[microphone]\necho_ms = 20\n").unwrap();
    for config in [&real, &room] {
        assert!(config.media().voice_processing);
        assert!(!config.barge_in(false));
    }
    assert!(room.barge_in(true));
    assert!(!real.barge_in(true), "not before it was tried");
    let hands_free =
        "[microphone]\nsource = \"alsa\"\nprocessing = false\n[hearing]\nbarge_in = true\n";
    let config = load(hands_free).unwrap();
    assert!(!config.media().voice_processing);
    assert!(config.barge_in(false));
}

#[test]
fn only_simulated_devices_share_a_simulated_room() {
    for text in [
        "[microphone]\nsource = \"pulse\"\necho_ms = 20\n",
        "[microphone]\necho_ms = 20\n[loudspeaker]\nsink = \"alsa\"\n",
        "[microphone]\necho_ms = 1000\n",
    ] {
        let error = load(text).unwrap_err().to_string();
        assert!(error.contains("microphone.echo_ms"), "{error}");
    }
}

#[test]
fn the_screen_is_never_opened_to_the_network() {
    let error = load("[screen]\nlisten = \"0.0.0.0:80\"\n")
        .unwrap_err()
        .to_string();
    assert!(error.contains("127.0.0.1"), "{error}");
}
