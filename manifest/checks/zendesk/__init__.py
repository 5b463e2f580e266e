"""What Zendesk demands of an app's zip: https://developer.zendesk.com/documentation/apps/."""
