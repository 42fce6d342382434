// Submits the form of a page that forwards a SAML message (HTTP-POST binding). Without JavaScript the person uses its button.
document.querySelector("form[data-autosubmit]")?.submit();
