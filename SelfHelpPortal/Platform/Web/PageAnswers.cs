using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace SelfHelpPortal.Platform.Web;

/// <summary>What a static page answers beside its markup.</summary>
internal static class PageAnswers
{
    extension(HttpContext context)
    {
        /// <summary>404 with the page's own words. Set only when the answer starts: Blazor drops a page that carries it earlier, for the general one.</summary>
        public void NotFoundHere() => context.Response.OnStarting(() =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });

        /// <summary>What was typed cannot be taken; the page shows it again.</summary>
        public void Unprocessable() => context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;

        public void TooManyTries(DateTimeOffset? retryAt, DateTimeOffset now)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            var seconds = Math.Max(1, Math.Ceiling(((retryAt ?? now) - now).TotalSeconds));
            context.Response.Headers.RetryAfter = seconds.ToString("0", CultureInfo.InvariantCulture);
        }

        /// <summary>Post, redirect, get: a reload of what follows repeats nothing.</summary>
        public void SeeOther(NavigationManager navigation, string path)
        {
            context.Response.OnStarting(() =>
            {
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
                return Task.CompletedTask;
            });
            navigation.NavigateTo(path);
        }
    }
}
