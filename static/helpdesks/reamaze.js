// Re:amaze's launch is all that it tells: there is nobody to speak with around this frame.
// https://www.reamaze.com/developer/module
// The signature of the launch is taken out of the page's address at once.
history.replaceState(null, "", location.pathname);
