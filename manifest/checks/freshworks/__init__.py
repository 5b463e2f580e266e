"""What Freshworks demands of an app (FDK 3.0): https://developers.freshworks.com/docs/app-sdk/."""
