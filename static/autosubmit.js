// The page that hands a SAML message on sends its form by itself; its button stays for everyone else.
document.querySelector("form[data-autosubmit]")?.submit();
