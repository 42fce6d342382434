package console

// The paths of Applications. The pages of an app are below instance; appInstancePath returns that path for links.
const (
	appsPath    = "/admin/apps/active"
	catalogPath = "/admin/apps/catalog"
	instance    = "/admin/app/:name/instance/:id"
)

// appRoutes lists the pages of Applications, except those of provisioning.
var appRoutes = []route{
	{get, "/admin/apps", (*request).toApps},
	{get, appsPath, (*request).apps},
	{get, "/admin/apps/assign", (*request).assignMany},
	{post, "/admin/apps/assign", (*request).assignManyNext},
	{post, "/admin/apps/assign/confirm", (*request).assignManyConfirmed},
	{get, "/admin/apps/create", (*request).createApp},
	{get, "/admin/apps/create/saml", (*request).createSAML},
	{post, "/admin/apps/create/saml", (*request).createSAMLStep},

	{get, catalogPath, (*request).catalog},
	{get, catalogPath + "/suggestions", (*request).catalogSuggestions},
	{get, catalogPath + "/:entry", (*request).catalogEntry},
	{get, catalogPath + "/:entry/add", (*request).addIntegration},
	{post, catalogPath + "/:entry/add", (*request).addIntegrationStep},

	{get, instance, (*request).appGeneral},
	{get, instance + "/", (*request).appGeneral},
	{get, instance + "/general", (*request).appGeneral},
	{get, instance + "/general/edit", (*request).editAppGeneral},
	{post, instance + "/general/edit", (*request).saveAppGeneral},
	{get, instance + "/general/saml", (*request).editAppSAML},
	{post, instance + "/general/saml", (*request).saveAppSAML},
	{get, instance + "/activate", (*request).confirmActivateApp},
	{post, instance + "/activate", (*request).activateApp},
	{get, instance + "/deactivate", (*request).confirmDeactivateApp},
	{post, instance + "/deactivate", (*request).deactivateApp},
	{get, instance + "/delete", (*request).confirmDeleteApp},
	{post, instance + "/delete", (*request).deleteApp},

	{get, instance + "/sign-on", (*request).appSignOn},
	{get, instance + "/sign-on/edit", (*request).editAppSignOn},
	{post, instance + "/sign-on/edit", (*request).saveAppSignOn},
	{get, instance + "/sign-on/instructions", (*request).appInstructions},
	{get, instance + "/sign-on/preview", (*request).previewSAML},
	{get, "/admin/app/:name/:id/setup/help/SAML_2_0/instructions", (*request).appInstructions},
	{post, instance + "/sign-on/certificates", (*request).generateAppKey},
	{post, instance + "/sign-on/certificates/:kid/activate", (*request).activateAppKey},
	{get, instance + "/sign-on/certificates/:kid/okta.cert", (*request).downloadAppKey},
	{get, instance + "/sign-on/certificates/:kid/metadata", (*request).appKeyMetadata},

	{get, instance + "/assignments", (*request).appAssignments},
	{get, instance + "/assignments/convert", (*request).confirmConvert},
	{post, instance + "/assignments/convert", (*request).convert},
	{get, instance + "/assignments/people", (*request).assignPeople},
	{get, instance + "/assignments/people/:user", (*request).assignPersonForm},
	{post, instance + "/assignments/people/:user", (*request).assignPerson},
	{get, instance + "/assignments/people/:user/edit", (*request).editAppUser},
	{post, instance + "/assignments/people/:user/edit", (*request).saveAppUser},
	{get, instance + "/assignments/people/:user/remove", (*request).confirmUnassignPerson},
	{post, instance + "/assignments/people/:user/remove", (*request).unassignPerson},
	{get, instance + "/assignments/groups", (*request).assignGroups},
	{get, instance + "/assignments/groups/:group", (*request).assignGroupForm},
	{post, instance + "/assignments/groups/:group", (*request).assignGroup},
	{get, instance + "/assignments/groups/:group/edit", (*request).editAppGroup},
	{post, instance + "/assignments/groups/:group/edit", (*request).saveAppGroup},
	{get, instance + "/assignments/groups/:group/remove", (*request).confirmUnassignGroup},
	{post, instance + "/assignments/groups/:group/remove", (*request).unassignGroup},
	{post, instance + "/assignments/groups/:group/move", (*request).moveAppGroup},
	{post, instance + "/assignments/priorities", (*request).dropAppGroup},

	{post, instance + "/assignments/people/:user/retry", (*request).retryUser},
	{post, instance + "/assignments/provision", (*request).provisionUsers},

	{get, instance + "/:tab", (*request).appOtherTab},
}

// provisioningRoutes lists the pages of an app that need its API integration.
var provisioningRoutes = []route{
	{get, instance + "/provisioning", (*request).appProvisioning},
	{get, instance + "/provisioning/integration", (*request).integration},
	{get, instance + "/provisioning/integration/edit", (*request).editIntegration},
	{post, instance + "/provisioning/integration/edit", (*request).saveIntegration},
	{get, instance + "/provisioning/to-app", (*request).toApp},
	{get, instance + "/provisioning/to-app/edit", (*request).editToApp},
	{post, instance + "/provisioning/to-app/edit", (*request).saveToApp},
	{get, instance + "/provisioning/to-okta", (*request).toOkta},
	{post, instance + "/provisioning/force-sync", (*request).forceSync},
	{get, instance + "/provisioning/mappings/:attribute", (*request).editMapping},
	{post, instance + "/provisioning/mappings/:attribute", (*request).saveMapping},

	{get, instance + "/push-groups", (*request).pushGroups},
	{post, instance + "/push-groups/refresh", (*request).refreshAppGroups},
	{get, instance + "/push-groups/suggestions", (*request).suggestPush},
	{get, instance + "/push-groups/by-name", (*request).pushByName},
	{post, instance + "/push-groups/by-name", (*request).savePush},
	{get, instance + "/push-groups/by-rule", (*request).pushByRule},
	{post, instance + "/push-groups/by-rule", (*request).savePushRule},
	{get, instance + "/push-groups/rules/:rule/delete", (*request).confirmDeletePushRule},
	{post, instance + "/push-groups/rules/:rule/delete", (*request).deletePushRule},
	{post, instance + "/push-groups/mappings/:mapping", (*request).changePush},
	{get, instance + "/push-groups/mappings/:mapping/unlink", (*request).confirmUnlinkPush},
	{post, instance + "/push-groups/mappings/:mapping/unlink", (*request).unlinkPush},

	{get, instance + "/import", (*request).appImport},
	{post, instance + "/import", (*request).startImport},
	{post, instance + "/import/confirm", (*request).confirmImport},
	{post, instance + "/import/clear", (*request).clearImport},
}
