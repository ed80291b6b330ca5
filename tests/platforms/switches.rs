//! What can go wrong goes wrong as it was asked for: where no SDK reaches, a bare HTTP client does.

use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::platforms::{Fake, Fault, Refusal, Trouble, Vendor, What};

/// A Segments fake with its example, and a client that stays on one connection.
struct Scene {
    fake: Fake,
    client: Client,
}

impl Scene {
    fn new() -> Self {
        let fake = Fake::of(Vendor::Segments);
        fake.seed_example();
        Self { fake, client: Client::builder().no_proxy().timeout(Duration::from_secs(5)).build().unwrap() }
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.fake.url());
        self.client.request(method, url).header(AUTHORIZATION, format!("APIKey {}", self.fake.key()))
    }

    fn bulk(&self, names: &[&str]) -> RequestBuilder {
        let rows: Vec<Value> = names.iter().map(|name| json!({"name": name, "attributes": {"image": {"url": "u"}}})).collect();
        self.ask(Method::POST, "/datasets/jane/flowers/samples_bulk/").body(Value::from(rows).to_string())
    }

    fn names(&self) -> Vec<String> {
        let state = self.fake.state();
        let flowers = &state["containers"][0];
        flowers["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    }

    async fn switch(&self, body: Value) -> u16 {
        let url = format!("{}/_gantry/switch", self.fake.url());
        self.client.post(url).body(body.to_string()).send().await.unwrap().status().as_u16()
    }
}

async fn status(answer: RequestBuilder) -> u16 {
    answer.send().await.unwrap().status().as_u16()
}

async fn body(answer: Response) -> Value {
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn every_second_create_says_500_and_has_worked() {
    let scene = Scene::new();
    scene.fake.fail(Fault::on("create*", What::ErrorAfter(500)).every(2));
    let mut said = Vec::new();
    for name in ["a", "b", "c", "d"] {
        said.push(status(scene.bulk(&[name])).await);
    }
    assert_eq!(said, [201, 500, 201, 500]);
    assert_eq!(scene.names(), ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn a_cut_before_the_effect_leaves_nothing_and_one_after_it_leaves_all() {
    let scene = Scene::new();
    scene.fake.fail(Fault::on("create_samples", What::DropBefore).only(1));
    scene.fake.fail(Fault::on("create_samples", What::DropAfter).only(2));
    assert!(scene.bulk(&["before"]).send().await.is_err());
    assert!(scene.bulk(&["after"]).send().await.is_err());
    assert_eq!(status(scene.bulk(&["fine"])).await, 201);
    assert_eq!(scene.names(), ["after", "fine"]);
}

#[tokio::test]
async fn a_late_effect_lands_though_the_client_has_hung_up() {
    let scene = Scene::new();
    scene.fake.fail(Fault::on("create_samples", What::Late { ms: 300, status: None }).only(1));
    assert!(scene.bulk(&["late"]).timeout(Duration::from_millis(50)).send().await.is_err());
    assert!(scene.names().is_empty());
    scene.fake.fail(Fault::on("create_samples", What::Late { ms: 1, status: Some(504) }).times(1));
    assert_eq!(status(scene.bulk(&["later"])).await, 504);
    while scene.names().len() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_key_is_revoked_from_the_third_call_on() {
    let scene = Scene::new();
    scene.fake.fail(Fault::on("*", What::Refuse(Trouble::WrongKey)).after(2));
    let mut said = Vec::new();
    for _ in 0..4 {
        said.push(status(scene.ask(Method::GET, "/user")).await);
    }
    assert_eq!(said, [200, 200, 401, 401]);
}

#[tokio::test]
async fn calls_above_the_rate_are_throttled_with_the_seconds_to_wait() {
    let scene = Scene::new();
    scene.fake.set(|manners| manners.calls_a_minute = Some(2));
    assert_eq!(status(scene.ask(Method::GET, "/user")).await, 200);
    assert_eq!(status(scene.ask(Method::GET, "/user")).await, 200);
    let refused = scene.ask(Method::GET, "/user").send().await.unwrap();
    assert_eq!(refused.status(), 429);
    assert!(refused.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() <= 60);
}

#[tokio::test]
async fn switches_turn_over_http_and_say_what_is_wrong_with_them() {
    let scene = Scene::new();
    let null = json!({"fail": {"on": "whoami", "what": "null", "times": 1}});
    assert_eq!(scene.switch(null).await, 200);
    assert_eq!(body(scene.ask(Method::GET, "/user").send().await.unwrap()).await, Value::Null);
    assert_eq!(scene.switch(json!({"set": {"rows_limit": 1}, "fail": {"on": "whoami", "what": {"page": 200}}})).await, 200);
    assert_eq!(status(scene.bulk(&["a", "b"])).await, 413);
    let page = scene.ask(Method::GET, "/user").send().await.unwrap();
    assert_eq!((page.status().as_u16(), page.headers()[CONTENT_TYPE].to_str().unwrap()), (200, "text/html"));
    assert_eq!(scene.switch(json!({"set": {"no_such_thing": 1}})).await, 400);
    assert_eq!(scene.switch(json!({"calm": true})).await, 200);
    assert_eq!(status(scene.bulk(&["a", "b"])).await, 201);
}

#[tokio::test]
async fn a_refused_row_refuses_all_of_its_request_by_place() {
    let scene = Scene::new();
    scene.fake.set(|manners| manners.refuse.push(Refusal { holding: "bad".to_owned(), words: "No.".to_owned() }));
    let said = scene.bulk(&["fine", "bad"]).send().await.unwrap();
    assert_eq!(said.status(), 400);
    assert_eq!(body(said).await, json!([{}, {"attributes": ["No."]}]));
    assert!(scene.names().is_empty());
}

#[tokio::test]
async fn a_body_that_claims_to_be_packed_and_is_not_is_refused() {
    let scene = Scene::new();
    let said = scene.bulk(&["a"]).header(CONTENT_ENCODING, "gzip").send().await.unwrap();
    assert_eq!(said.status(), 400);
}

/// Sends a presigned form with these fields and the file at a place among them.
async fn send_form(scene: &Scene, fields: &[(String, String)], file_at: usize, key: Option<&str>) -> u16 {
    let mut parts: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
        .collect();
    parts.insert(file_at, "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\nabc\r\n".to_owned());
    let form = parts.concat() + "--b--\r\n";
    let request = scene.client.post(format!("{}/segmentsai-prod", scene.fake.storage_url()));
    let request = key.into_iter().fold(request, |request, key| request.header(AUTHORIZATION, key));
    status(request.header(CONTENT_TYPE, "multipart/form-data; boundary=b").body(form)).await
}

#[tokio::test]
async fn a_presigned_form_needs_every_field_in_order_and_no_key() {
    let scene = Scene::new();
    scene.fake.set(|manners| manners.extra_fields = true);
    let asset = scene.ask(Method::POST, "/assets/").body(json!({"filename": "a.png"}).to_string());
    let asset = body(asset.send().await.unwrap()).await;
    let fields = asset["presignedPostFields"]["fields"].as_object().unwrap();
    let fields: Vec<(String, String)> =
        fields.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
    assert_eq!(fields.len(), 10, "two more than the SDK knows");
    let all = fields.len();
    assert_eq!(send_form(&scene, &fields[1..], all - 1, None).await, 403, "a field is missing");
    let more = [fields.as_slice(), &[("more".to_owned(), "1".to_owned())]].concat();
    assert_eq!(send_form(&scene, &more, all + 1, None).await, 403, "a field that the policy does not know");
    assert!(scene.fake.violations().is_empty());
    assert_ne!(send_form(&scene, &fields, 0, None).await, 204, "the file is not the last");
    assert_eq!(scene.fake.violations().len(), 1);
    assert_eq!(send_form(&scene, &fields, all, Some("APIKey x")).await, 400, "a key on the storage");
    assert_eq!(scene.fake.violations().len(), 2);
    assert_eq!(send_form(&scene, &fields, all, None).await, 204);
    let kept = scene.client.get(asset["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(kept.headers()["etag"], "\"900150983cd24fb0d6963f7d28e17f72\"");
    assert_eq!(kept.bytes().await.unwrap(), "abc");
}

#[tokio::test]
async fn no_secret_is_in_what_is_remembered() {
    let scene = Scene::new();
    scene.bulk(&["a"]).header("x-note", format!("my key is {}", scene.fake.key())).send().await.unwrap();
    let told = format!("{:?}", scene.fake.requests());
    assert!(told.contains("APIKey <secret>") && !told.contains(scene.fake.key()), "{told}");
}
