//! Who is let in as an operator.

use std::time::Duration;

use crate::support::{
    Desk, Line, Office, PASSWORD, credentials, request, request_on, sign_in, sign_out,
};
use madoguchi_shared::operator::ConsoleToOperator;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error;

fn status(refused: Result<Line, Error>) -> u16 {
    match refused {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("a page was let in"),
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_get_the_same_sentence() {
    let office = Office::open().await;
    office.hire("aiko").await;
    let mut answers = Vec::new();
    for (account, password) in [
        ("aiko", "wrong horse"),
        ("nobody", PASSWORD),
        ("Ä", PASSWORD),
    ] {
        let body = credentials(account, password);
        let answer = request(office.plain(), "POST /api/session", "", &body).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("set-cookie"), None);
        answers.push(answer.body);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers[0].contains("\"wrong_password\""));
}

#[tokio::test]
async fn guessing_is_answered_with_a_time_to_wait() {
    let office = Office::open().await;
    office.hire("aiko").await;
    let mut last = None;
    for _ in 0..5 {
        let body = credentials("aiko", "wrong horse");
        last = Some(request(office.plain(), "POST /api/session", "", &body).await);
    }
    let last = last.unwrap();
    assert_eq!(last.status, 429, "{}", last.body);
    assert_eq!(last.header("retry-after"), Some("1"));
}

#[tokio::test]
async fn malformed_sign_ins_are_refused_with_a_sentence() {
    let office = Office::open().await;
    for body in ["", "{", "[]", "{\"user\":\"aiko\"}", "\u{0}"] {
        let answer = request(office.plain(), "POST /api/session", "", body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.body.contains("\"bad_request\""));
    }
    let long = "x".repeat(20_000);
    assert_eq!(
        request(office.plain(), "POST /api/session", "", &long)
            .await
            .status,
        413
    );
}

#[tokio::test]
async fn a_sessions_key_is_kept_with_it_and_nonsense_is_none() {
    let office = Office::open().await;
    office.hire("aiko").await;
    let body = |key: &str| format!(r#"{{"user":"aiko","password":"{PASSWORD}","key":"{key}"}}"#);
    for nonsense in ["x", "", "AAAA", &"A".repeat(60)] {
        let answer = request(office.plain(), "POST /api/session", "", &body(nonsense)).await;
        assert_eq!(answer.status, 400, "{nonsense}");
    }
    let key = format!("{}=", "A".repeat(43));
    let answer = request(office.plain(), "POST /api/session", "", &body(&key)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let cookie = answer.header("set-cookie").unwrap().split(';').next();
    let header = format!("Cookie: {}\r\n", cookie.unwrap());
    let me = request(office.plain(), "GET /api/session", &header, "").await;
    assert!(
        me.body.contains(&format!("\"key\":\"{key}\"")),
        "{}",
        me.body
    );
}

#[tokio::test]
async fn a_session_lasts_until_sign_out_and_its_pages_with_it() {
    let office = Office::open().await;
    office.hire("aiko").await;
    let cookie = sign_in(office.plain(), "aiko").await;
    let header = format!("Cookie: {cookie}\r\n");
    let me = request(office.plain(), "GET /api/session", &header, "").await;
    assert_eq!(me.status, 200);
    assert!(me.body.contains("aiko T"));

    let mut desk = Desk::connect(office.plain(), &cookie).await;
    let out = sign_out(office.plain(), &cookie).await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(
        desk.line.hear::<ConsoleToOperator>().await,
        None,
        "the page stayed"
    );
    assert_eq!(
        request(office.plain(), "GET /api/session", &header, "")
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn only_the_consoles_own_page_may_connect() {
    let office =
        Office::open_with(|config| config.allowed_origins = vec!["https://desk.example".into()])
            .await;
    office.hire("aiko").await;
    let addr = office.plain();
    let cookie = sign_in(addr, "aiko").await;
    let own = format!("http://{addr}");
    let live =
        async |headers: &[(&'static str, &str)]| Line::dial(addr, "/api/live", headers).await;

    assert_eq!(status(live(&[("origin", &own)]).await), 401);
    assert_eq!(status(live(&[("cookie", &cookie)]).await), 403);
    let foreign = [
        ("cookie", cookie.as_str()),
        ("origin", "https://evil.example"),
    ];
    assert_eq!(status(live(&foreign).await), 403);
    let null = [("cookie", cookie.as_str()), ("origin", "null")];
    assert_eq!(status(live(&null).await), 403);
    assert!(live(&[("cookie", &cookie), ("origin", &own)]).await.is_ok());
    let allowed = [
        ("cookie", cookie.as_str()),
        ("origin", "https://desk.example"),
    ];
    assert!(live(&allowed).await.is_ok());

    let body = credentials("aiko", PASSWORD);
    let foreign = "Origin: https://evil.example\r\n";
    assert_eq!(
        request(addr, "POST /api/session", foreign, &body)
            .await
            .status,
        403
    );
    let stream = TcpStream::connect(addr).await.unwrap();
    let rebound = request_on(stream, "evil.example", "GET /api/session", "", "").await;
    assert_eq!(rebound.status, 403, "a rebound name passed for loopback");
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let office = Office::open_with(|config| {
        config.listen_tls = Some(([127, 0, 0, 1], 0).into());
    })
    .await;
    office.hire("aiko").await;
    let body = credentials("aiko", PASSWORD);

    let plain = request(office.plain(), "POST /api/session", "", &body).await;
    let cookie = plain.header("set-cookie").unwrap();
    let lifetime = cookie.rsplit_once("Max-Age=").unwrap().1;
    let lifetime = Duration::from_secs(lifetime.parse().unwrap());
    assert!(
        lifetime > office.config.session,
        "a page that is reloaded in a call that outlasts the session is locked out"
    );
    assert!(
        cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"),
        "{cookie}"
    );

    let tls = crate::support::tls::connect(&office).await;
    let secure = request_on(tls, "localhost", "POST /api/session", "", &body).await;
    let cookie = secure.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-"), "{cookie}");
    for flag in ["; HttpOnly", "; SameSite=Strict", "; Secure", "; Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
}

#[tokio::test]
async fn answers_carry_the_headers_that_keep_foreign_code_out() {
    let office = Office::open().await;
    let page = request(office.plain(), "GET /", "", "").await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"));
    let scripts = policy
        .split(';')
        .find(|part| part.trim().starts_with("script-src"))
        .unwrap();
    assert_eq!(scripts.trim(), "script-src 'self'");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert!(
        page.header("permissions-policy")
            .unwrap()
            .contains("microphone=(self)")
    );

    let health = request(office.plain(), "GET /api/health", "", "").await;
    assert_eq!(
        (health.status, health.header("cache-control")),
        (200, Some("no-store"))
    );
    assert_eq!(
        request(office.plain(), "GET /no/such/page", "", "")
            .await
            .status,
        404
    );
}
