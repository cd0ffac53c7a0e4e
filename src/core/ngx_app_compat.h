
/*
 * Copyright (C) the project authors
 */

/*
 * What differs between the versions of nginx that the suite builds on, 1.22
 * to 1.30: the only file that looks at nginx_version.
 */


#ifndef _NGX_APP_COMPAT_H_INCLUDED_
#define _NGX_APP_COMPAT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* headers of the same name are a linked list since 1.23 */

#if (nginx_version >= 1023000)
#define ngx_app_header_alone(h)  (h)->next = NULL
#else
#define ngx_app_header_alone(h)
#endif


#endif /* _NGX_APP_COMPAT_H_INCLUDED_ */
