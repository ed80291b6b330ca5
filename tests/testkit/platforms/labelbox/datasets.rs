//! Datasets, and the integrations that open a customer's bucket to them.

use super::graphql::Field;
use super::{Answer, Labelbox, Refused, cuid, meets, slice};
use crate::platforms::clock;
use crate::platforms::house::Site;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// A dataset.
#[derive(Debug)]
pub(super) struct Dataset {
    pub(super) id: String,
    pub(super) name: String,
    description: String,
    created_at: String,
    pub(super) deleted: bool,
    signer: Option<String>,
    /// Ids of its rows by the order in which they came.
    pub(super) rows: BTreeMap<u64, String>,
    /// How often a global key was sent to be created, and how often it was.
    pub(super) sent: HashMap<String, (u64, u64)>,
}

impl Dataset {
    pub(super) fn new(name: &str, description: &str) -> Self {
        let (signer, rows, sent) = Default::default();
        let (id, created_at) = (cuid(), clock::millis());
        Self { id, name: name.to_owned(), description: description.to_owned(), created_at, deleted: false, signer, rows, sent }
    }

    pub(super) fn json(&self) -> Value {
        let signer = self.signer.as_ref().map(|id| json!({"id": id}));
        json!({"id": self.id, "name": self.name, "description": self.description, "createdAt": self.created_at,
               "updatedAt": self.created_at, "rowCount": self.rows.len(), "deleted": self.deleted, "signer": signer})
    }
}

/// An integration.
#[derive(Debug)]
pub(super) struct Integration(Value);

impl Integration {
    fn new(name: &str, provider: &str, valid: bool, settings: Value) -> Self {
        let now = clock::millis();
        let mut settings = settings;
        let kind =
            if provider == "Azure" { "Azure".to_owned() } else { provider[..1].to_owned() + &provider[1..].to_lowercase() };
        settings["__typename"] = format!("{kind}IamIntegrationSettings").into();
        let last = valid.then(|| now.clone());
        Self(json!({"id": cuid(), "name": name, "provider": provider, "valid": valid, "lastValidAt": last, "isOrgDefault": false,
                    "createdAt": now, "updatedAt": now, "settings": settings}))
    }

    /// A default one that works, one that does not, and one of another cloud.
    pub(super) fn example() -> Vec<Self> {
        let aws = json!({"roleArn": "arn:aws:iam::123456789012:role/lb", "readBucket": "bucket"});
        let gcp = json!({"serviceAccountEmailId": "x@y.iam.gserviceaccount.com", "readBucket": "bucket"});
        let mut first = Self::new("aws main", "AWS", true, aws);
        first.0["isOrgDefault"] = true.into();
        vec![first, Self::new("gcp", "GCP", false, gcp), Self::new("azure", "Azure", true, json!({}))]
    }

    pub(super) fn json(&self) -> Value {
        self.0.clone()
    }

    fn is(&self, id: &Value) -> bool {
        self.0["id"] == *id
    }

    /// Whether it proves valid when it is tried.
    fn proves(&self, site: &Site<'_>) -> bool {
        let named = |one: &String| self.0["id"] == *one.as_str() || self.0["name"] == *one.as_str();
        !site.manners.invalid_integrations.iter().any(named)
    }
}

impl Labelbox {
    /// The dataset of an id that is not deleted.
    pub(super) fn dataset(&mut self, id: &Value) -> Result<&mut Dataset, Refused> {
        let found = self.datasets.iter_mut().find(|one| id.as_str() == Some(&one.id) && !one.deleted);
        found.ok_or_else(|| Refused::not_found("Dataset"))
    }

    pub(super) fn remove_dataset(&mut self, id: &str) {
        if let Some(dataset) = self.datasets.iter_mut().find(|one| one.id == id) {
            dataset.deleted = true;
            let rows = std::mem::take(&mut dataset.rows);
            self.rows.forget(rows.into_values());
        }
    }

    pub(super) fn dataset_field(&mut self, root: &Field, mutation: bool, site: &Site<'_>) -> Answer {
        let id = root.argument(&["where", "id"]);
        match (mutation, root.name.as_str()) {
            (false, "datasets") => {
                let all = self.datasets.iter().map(Dataset::json).filter(|one| meets(&root.argument(&["where"]), one)).collect();
                Ok(slice(root, all).into())
            }
            (false, "dataset") => Ok(self.dataset(&id)?.json()),
            (true, "createDataset") => self.create(root),
            (true, "updateDataset") => self.update(root, &id),
            (false, "iamIntegrations") if site.manners.no_integrations => Ok(json!([])),
            (false, "iamIntegrations") => Ok(self.integrations.iter().map(|one| one.0.clone()).collect()),
            (false, "customMetadataOntology") => Ok(ontology()),
            (true, name) if name.contains("Dataset") => self.signer_field(root, &id, site),
            (true, name) if name.contains("IamIntegration") => self.integration_field(root, &id, site),
            (_, name) => Err(Refused::new("GRAPHQL_VALIDATION_FAILED", format!("Cannot query field \"{name}\"."))),
        }
    }

    fn create(&mut self, root: &Field) -> Answer {
        let name = root.argument(&["data", "name"]);
        let Some(name) = name.as_str().filter(|name| !name.trim().is_empty()) else {
            return Err(Refused { status: Some(400), ..Refused::new("INTERNAL_SERVER_ERROR", "name must not be empty") });
        };
        let dataset = Dataset::new(name, root.argument(&["data", "description"]).as_str().unwrap_or_default());
        let told = dataset.json();
        self.datasets.push(dataset);
        Ok(told)
    }

    fn update(&mut self, root: &Field, id: &Value) -> Answer {
        let dataset = self.dataset(id)?;
        for (field, place) in [("name", &mut dataset.name), ("description", &mut dataset.description)] {
            if let Some(text) = root.argument(&["data", field]).as_str() {
                text.clone_into(place);
            }
        }
        let told = dataset.json();
        if root.argument(&["data", "deleted"]) == true {
            self.remove_dataset(id.as_str().unwrap_or_default());
        }
        Ok(told)
    }

    fn signer_field(&mut self, root: &Field, id: &Value, site: &Site<'_>) -> Answer {
        match root.name.as_str() {
            "setSignerForDataset" => {
                let signer = root.argument(&["data", "signerId"]);
                if !self.integrations.iter().any(|one| one.is(&signer)) {
                    return Err(Refused::not_found("IamIntegration"));
                }
                let dataset = self.dataset(id)?;
                dataset.signer = signer.as_str().map(str::to_owned);
                Ok(dataset.json())
            }
            "clearSignerForDataset" => {
                let dataset = self.dataset(id)?;
                dataset.signer = None;
                Ok(dataset.json())
            }
            "validateDataset" => {
                let signer = self.dataset(id)?.signer.clone().map_or(Value::Null, Value::from);
                let valid = self.integrations.iter().find(|one| one.is(&signer)).is_none_or(|one| one.proves(site));
                Ok(json!({"valid": valid, "checks": [{"name": "read", "success": valid}]}))
            }
            name => Err(Refused::new("GRAPHQL_VALIDATION_FAILED", format!("Cannot query field \"{name}\"."))),
        }
    }

    fn integration_field(&mut self, root: &Field, id: &Value, site: &Site<'_>) -> Answer {
        let given = |name: &str| root.argument(&["data", name]);
        let provider = match root.name.as_str() {
            "createAwsIamIntegration" => "AWS",
            "createGcpIamIntegration" => "GCP",
            "createAzureIamIntegration" => "Azure",
            name => return self.change_integration(name, id, site),
        };
        let settings = json!({"roleArn": given("roleArn"), "readBucket": given("readBucket"), "serviceAccountEmailId": "x@y.iam.gserviceaccount.com",
                              "readContainerUrl": given("readContainerUrl"), "tenantId": given("tenantId")});
        let made = Integration::new(given("name").as_str().unwrap_or_default(), provider, false, settings);
        let told = made.0.clone();
        self.integrations.push(made);
        Ok(told)
    }

    fn change_integration(&mut self, name: &str, id: &Value, site: &Site<'_>) -> Answer {
        let at = self.integrations.iter().position(|one| one.is(id)).ok_or_else(|| Refused::not_found("IamIntegration"))?;
        match name {
            "validateIamIntegration" => {
                let one = &mut self.integrations[at];
                let valid = one.proves(site);
                one.0["valid"] = valid.into();
                one.0["lastValidAt"] = clock::millis().into();
                let message = (!valid).then_some("The role cannot be assumed.");
                Ok(json!({"valid": valid, "checks": [{"name": "role", "success": valid, "message": message}]}))
            }
            "setDefaultIamIntegration" => {
                for one in &mut self.integrations {
                    one.0["isOrgDefault"] = one.is(id).into();
                }
                Ok(self.integrations[at].0.clone())
            }
            "deleteIamIntegration" => Ok(self.integrations.remove(at).0),
            _ => Err(Refused::new("GRAPHQL_VALIDATION_FAILED", format!("Cannot query field \"{name}\"."))),
        }
    }
}

/// The fields that metadata may have, and the ids of Labelbox's reserved ones.
pub(super) fn ontology() -> Value {
    let option = |id: &str, name: &str| json!({"id": id, "kind": "CustomMetadataEnumOption", "name": name, "reserved": true, "options": null});
    let split = [
        option("cko8sbscr0003h2dk04w86hof", "train"),
        option("cko8sc2yr0004h2dk69aj5x63", "valid"),
        option("cko8scbz70005h2dkastwhgqt", "test"),
    ];
    json!([
        {"id": "cko8s9r5v0001h2dk9elqdidh", "name": "tag", "kind": "CustomMetadataString", "reserved": true, "options": []},
        {"id": "cko8sdzv70006h2dk8jg64zvb", "name": "captureDateTime", "kind": "CustomMetadataDateTime", "reserved": true, "options": []},
        {"id": "cko8sbczn0002h2dkdaxb5kal", "name": "split", "kind": "CustomMetadataEnum", "reserved": true, "options": split},
        {"id": "ckpcustomnum000000000000x", "name": "altitude", "kind": "CustomMetadataNumber", "reserved": false, "options": []}
    ])
}
