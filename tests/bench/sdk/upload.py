"""A vendor's own SDK uploads the files of a folder as its documentation shows: `upload.py VENDOR URL KEY CONTAINER FOLDER`."""

import os
import sys


def segments(url, key, dataset, files):
    from segments import SegmentsClient

    client, samples = SegmentsClient(key, url), []
    for path in files:
        with open(path, "rb") as file:
            asset = client.upload_asset(file, os.path.basename(path))
        samples.append({"name": os.path.basename(path), "attributes": {"image": {"url": asset.url}}})
    # Its documentation adds one sample a call; in bulk it is quicker, which is fairer to it.
    return len(client.add_samples(dataset, samples))


def labelbox(url, key, dataset, files):
    from labelbox import Client

    client = Client(api_key=key, endpoint=url, rest_endpoint=url, app_url=url)
    task = client.get_dataset(dataset).create_data_rows(files)
    task.wait_till_done()
    return 0 if task.errors else len(task.result)


def ango(url, key, project, files):
    from imerit_ango.sdk import SDK

    return SDK(key, url).upload_files(project, files)["data"]["assets"]["assetsCreated"]


def main():
    vendor, url, key, container, folder = sys.argv[1:6]
    files = sorted(os.path.join(folder, name) for name in os.listdir(folder))
    made = {"segments": segments, "labelbox": labelbox, "ango": ango}[vendor](url, key, container, files)
    print(f"{made} of {len(files)} files were registered")
    sys.exit(0 if made == len(files) else 1)


main()
