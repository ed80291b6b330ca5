//! The operations, under the names and with the variables of Labelbox's own SDK 7.17.0.
//! Only fields that are read here are asked for, so that pages of rows are small.
//! <https://github.com/Labelbox/labelbox-python>

/// Whose key it is.
pub(super) const USER: &str = "query GetUserPyApi{user{email nickname name id}}";

/// The organisation that the key belongs to; there is always exactly one.
pub(super) const ORGANIZATION: &str = "query GetOrganizationPyApi{organization{name id}}";

/// Datasets on a page.
pub(super) const DATASETS_PAGE: usize = 100;

/// A page of the datasets that are not deleted. Labelbox takes where it begins as a literal only.
pub(super) fn datasets(skip: usize) -> String {
    format!(
        "query GetDatasetsPyApi($param_0: Boolean!){{datasets(where: {{deleted: $param_0}} skip: {skip} first: {DATASETS_PAGE}){{name rowCount id}}}}"
    )
}

/// The datasets of a name.
pub(super) const DATASETS_NAMED: &str = "query GetDatasetsPyApi($param_0: String!, $param_1: Boolean!)\
    {datasets(where: {AND: [{name: $param_0}, {deleted: $param_1}]} skip: 0 first: 100){name rowCount id}}";

/// One dataset.
pub(super) const DATASET: &str = "query GetDatasetPyApi($param_0: ID!){dataset(where: {id: $param_0}){name rowCount id}}";

/// One dataset with the integration that is attached to it.
pub(super) const DATASET_SIGNER: &str =
    "query GetDatasetPyApi($param_0: ID!){dataset(where: {id: $param_0}){name rowCount id signer{id}}}";

/// Makes a dataset.
pub(super) const CREATE_DATASET: &str =
    "mutation CreateDatasetPyApi($name: String!){createDataset(data: {name: $name}){name rowCount id}}";

/// Marks a dataset as deleted.
pub(super) const DELETE_DATASET: &str =
    "mutation deleteDatasetPyApi($DatasetId: ID!){updateDataset(where: {id: $DatasetId} data: {deleted: true}){id}}";

/// All integrations. The bucket of Amazon's is asked for as the SDK does after it has made one.
pub(super) const INTEGRATIONS: &str = "query getAllIntegrationsPyApi{iamIntegrations{isOrgDefault name provider id valid \
    settings{__typename ... on AwsIamIntegrationSettings{roleArn readBucket} \
    ... on GcpIamIntegrationSettings{serviceAccountEmailId readBucket}}}}";

/// Attaches an integration in place of whatever was attached.
pub(super) const SET_SIGNER: &str = "mutation SetSignerForDatasetPyApi($signerId: ID!, $datasetId: ID!)\
    {setSignerForDataset(data: {signerId: $signerId} where: {id: $datasetId}){id signer{id}}}";

/// Lets Labelbox try what is attached.
pub(super) const VALIDATE_DATASET: &str =
    "mutation validateDatasetPyApi($id: ID!){validateDataset(where: {id: $id}){valid checks{name, success}}}";

/// Takes a file. <https://github.com/jaydenseric/graphql-multipart-request-spec>
pub(super) const UPLOAD: &str = "mutation UploadFile($file: Upload!, $contentLength: Int!, $sign: Boolean)\
    {uploadFile(file: $file, contentLength: $contentLength, sign: $sign){url filename}}";

/// Begins an import.
pub(super) const UPSERT: &str = "mutation UpsertDataRowsPyApi($manifestUri: String!)\
    {upsertDataRows(data: {manifestUri: $manifestUri}){id status}}";

/// How far an import is.
pub(super) const TASK: &str = "query GetUserCreatedTasksPyApi($userId: ID!, $taskId: ID!)\
    {user(where: {id: $userId}){createdTasks(where: {id: $taskId} skip: 0 first: 1){id status errors}}}";

/// Rows on a page of an import's outcome.
pub(super) const OUTCOMES_PAGE: usize = 5000;

/// Rows that an import refused.
pub(super) const FAILED: &str = "query FailedDataRowImportsPyApi($taskId: ID!, $first: Int, $from: String)\
    {failedDataRowImports(data: {taskId: $taskId, first: $first, from: $from})\
    {after total results{message spec{globalKey rowData}}}}";

/// Rows that an import made. The misspelling is Labelbox's.
pub(super) const SUCCEEDED: &str = "query SuccessesfulDataRowImportsPyApi($taskId: ID!, $first: Int, $from: String)\
    {successesfulDataRowImports(data: {taskId: $taskId, first: $first, from: $from})\
    {nodes{id globalKey rowData} after total}}";

/// Begins to look for rows by their keys.
pub(super) const FOR_KEYS: &str = "query getDataRowsForGlobalKeysPyApi($globalKeys: [ID!]!)\
    {dataRowsForGlobalKeys(where: {ids: $globalKeys}){jobId}}";

/// What that found.
pub(super) const FOR_KEYS_RESULT: &str = "query getDataRowsForGlobalKeysResultPyApi($jobId: ID!)\
    {dataRowsForGlobalKeysResult(jobId: {id: $jobId})\
    {data{fetchedDataRows{id} notFoundGlobalKeys accessDeniedGlobalKeys} jobStatus}}";

/// One row, with the dataset that it is in: keys are unique in the whole organisation.
pub(super) const ROW: &str =
    "query GetDataRowPyApi($param_0: ID!){dataRow(where: {id: $param_0}){globalKey rowData id dataset{id}}}";

/// Rows on a page of a dataset.
pub(super) const ROWS_PAGE: usize = 500;

/// A page of a dataset's rows, newest first.
pub(super) const ROWS: &str = "query DatasetDataRowsPyApi($id: ID!, $from: ID, $first: Int, $where: DatasetDataRowWhereInput)\
    {datasetDataRows(id: $id, from: $from, first: $first, where: $where)\
    {nodes{globalKey rowData id} pageInfo{hasNextPage startCursor}}}";

/// The fields that metadata may have.
pub(super) const ONTOLOGY: &str =
    "query GetMetadataOntologyBetaPyApi{customMetadataOntology{id name kind reserved options{id kind name reserved}}}";

/// Are these rows ready to be seen?
pub(super) const PROCESSED: &str = "query CheckAllDataRowsHaveBeenProcessedPyApi($globalKeys: [ID!])\
    {queryAllDataRowsHaveBeenProcessed(globalKeys: $globalKeys){allDataRowsHaveBeenProcessed}}";
